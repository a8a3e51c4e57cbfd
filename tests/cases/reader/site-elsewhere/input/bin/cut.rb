require "optparse"
# o.on "--of-a-comment", "no"
OptionParser.new do |o|
  o.on "-b", "--bind URI", "where to bind",
    "(default: none)" do |arg|
  end
  o.on("-w", "--workers [N]", Integer, 'how many') { |n| n }
end
