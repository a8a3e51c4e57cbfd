only_for_ci() { :; }
