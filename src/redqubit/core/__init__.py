"""Records everyone exchanges; standard library and numpy only."""
