"""What both sides keep of a closed case."""
