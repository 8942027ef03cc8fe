"""How accurate formcheck is: scorers, and the suites that feed them known truth."""
