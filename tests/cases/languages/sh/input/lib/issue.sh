setUp() { :; }
testIssue() { :; }
