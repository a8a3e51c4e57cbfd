Gem::Specification.new do |s|
  s.name = "gem-cut"
  s.version = Cut::VERSION
  s.summary = "Cuts."
  # s.add_dependency "of-a-comment"
  s.add_runtime_dependency "rack", ">= 2", "< 4"
  s.add_development_dependency 'rake'
  s.required_ruby_version = Gem::Requirement.new(">= 3.0")
end
