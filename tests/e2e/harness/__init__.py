"""The modules that build, start, call and attack the services of the demo, and print the table."""
