package main

// Main is the real program, for the scripts.
func Main() { main() }

// Clean is what every line on stderr goes through.
var Clean = clean
