"""What several workers know together of the calls that go on."""
