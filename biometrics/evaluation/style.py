"""How the page looks, by day and by night and on paper."""

STYLE = """
:root{color-scheme:light dark;--ground:#fbfaf7;--paper:#fff;--ink:#1d2329;--soft:#5d6772;
--faint:#c9ced4;--line:#e4e6e8;--stranger:#aab2bc;
--c0:#0b6e99;--c1:#c2571a;--c2:#4a7c2c;--c3:#8b3f8f;--c4:#a67c00;--c5:#b3314f}
@media(prefers-color-scheme:dark){:root{--ground:#14181c;--paper:#1b2026;--ink:#e8eaec;
--soft:#a3adb8;--faint:#4a535d;--line:#2c333b;--stranger:#66707b;
--c0:#5ab8e0;--c1:#f0935a;--c2:#8fc46c;--c3:#cf8ad3;--c4:#e0bc50;--c5:#ee7e98}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
header,main{max-width:60rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2.5rem}h1{font-size:1.9rem;line-height:1.2;margin:0}
header p{color:var(--soft);margin:.3rem 0 1.5rem;font-size:1.1rem}
section{background:var(--paper);border:1px solid var(--line);border-radius:10px;
padding:1.1rem 1.4rem 1.3rem;margin:0 0 1.1rem}
h2{font-size:1.15rem;margin:0 0 .6rem}h3{font-size:1rem;margin:.8rem 0 .2rem}
.short{font-size:1.1rem;margin:.4rem 0;max-width:50rem}
.wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
th,td{padding:.32rem .9rem .32rem 0;text-align:left;border-bottom:1px solid var(--line);
vertical-align:baseline}
thead th{color:var(--soft);font-weight:600;font-size:.88rem;vertical-align:bottom}
tbody th{font-weight:400;color:var(--soft);white-space:nowrap}
tbody tr:last-child>*{border-bottom:0}small,.nothing{color:var(--soft);font-size:.82em}
small{white-space:nowrap}
details .wide table{font-size:.86rem}details td{white-space:nowrap}
summary{cursor:pointer;color:var(--soft);margin-top:.4rem}
figure{margin:.4rem 0}figcaption{color:var(--soft);font-size:.9rem;max-width:46rem}
svg{display:block;width:100%;max-width:44rem;height:auto}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:.4rem 1.4rem}
.grid{stroke:var(--line);stroke-width:1}.line{fill:none;stroke-width:2.2;stroke-linejoin:round}
.area{fill-opacity:.55}.dot{stroke:var(--paper);stroke-width:1.5}
.tick,.axis,.note{font-size:12px;fill:var(--soft)}.note{fill:var(--ink)}
.legend{margin:.1rem 0 .5rem;font-size:.92rem}.legend span{margin-right:1.2rem;white-space:nowrap}
.legend i{display:inline-block;width:.85em;height:.85em;border-radius:3px;margin-right:.4em;
vertical-align:-.06em}
.note p{margin:.3rem 0;color:var(--soft);font-size:.92rem}
dt{font-weight:600;margin-top:.5rem}dd{margin:0;max-width:48rem}
ul{padding-left:1.2rem;margin:.2rem 0}li{margin:.3rem 0;max-width:48rem}
@media print{body{background:#fff}section{break-inside:avoid;border-color:#ccc}}
"""
