"""The modules of the demo. They build, start, call and attack the services, and print the table."""
