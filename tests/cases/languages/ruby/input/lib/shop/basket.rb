module Shop
  # A basket, see {Price} and +put+.
  #
  # == Use
  #
  # Fill it.
  class Basket < Shelf
    include Enumerable
    extend Forwardable

    # How many fit in.
    attr_reader :size, :name

    # Makes one.
    def initialize(size, name: nil)
      @size = size if size
    end

    class << self
      # An empty one.
      def empty; new(0) end

      private

      def no; end
    end

    # Puts a thing into it.
    def put(thing)
      return unless thing
      def_delegator = 1
      case thing
      when 1 then 2
      end
    end
    alias_method :<<, :put
    alias_method :add, :put

    # @deprecated use {#put}
    def old; end

    def [](index) = @things[index]

    def size=(value)
      @size = value
    end

    # @api private
    def internal; end

    def undocumented # :nodoc:
    end

    def later_private; end
    private :later_private

    private def inline; end

    protected

    def guarded; end

    private

    attr_accessor :secret

    def hidden
    end

    public

    def ==(other)
      other.size == size
    end

    def self.build(*) = new(1)
  end

  class Hidden # :nodoc:
    def no; end
  end
end
