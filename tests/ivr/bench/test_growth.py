"""What grows with calls and with voiceprints, measured small."""

from ivr.bench.growth import Pace, _pace_row, prints_chart


def test_the_cost_of_one_comparison_is_measured_among_more_and_more() -> None:
    chart = prints_chart((200, 400), people=5)

    assert [row[0] for row in chart.rows] == ["200", "400"]
    assert chart.rows[0][3] == "1.00"
    assert all(float(row[1]) > 0 for row in chart.rows)


def test_a_turn_costs_what_its_process_worked_whoever_waited() -> None:
    alone = Pace(turn_ms=(300, 300), elapsed_s=0.6, cpu_s=0.5)
    two = Pace(turn_ms=(450, 450), elapsed_s=0.5, cpu_s=0.6)

    assert _pace_row(2, [two], [alone]) == ("2", "450", "1.50", "300", "1.20", "4.00")
