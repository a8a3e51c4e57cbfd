class Release
  def run; end
end
