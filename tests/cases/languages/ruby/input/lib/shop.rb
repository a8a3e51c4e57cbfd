# frozen_string_literal: true

require 'shop/basket'

# Everything to shop.
module Shop
  # The version of it.
  VERSION = '1.2'

  NAMES = %w[a b].freeze
  private_constant :NAMES

  # Raised when there is no room.
  Full = Class.new(StandardError)

  # A price.
  Price = Struct.new(:cents, :unit) do
    # Is it zero?
    def free? = cents.zero?
  end

  module_function

  # Opens the shop.
  #
  # @param name [String] what it is called
  # @param options [Hash] how
  # @option options [Integer] :size (4) how large
  # @yield [basket] a basket to fill
  # @return [Basket, nil] the first basket
  # @raise [Full] when there is no room
  # @example Open it
  #   Shop.open('x') do |basket|
  #     basket.put(1)
  #   end
  def open(name, options = {},
           *rest, size: 4, &block)
    text = <<~TEXT
      def not_a_method
      end
    TEXT
    text
  end

  # What it is built on.
  class Backend < Shop::Legend
    # Reads it.
    def read(key)
      <<SQL
SELECT *
end
SQL
    rescue KeyError
      nil
    end

    made = Object.new
    def made.call(x) = x

    Calls = wrapped("Calls") do
      private

      def inside; end
    end

    included do
      private

      def ours
      end
    end

    attr_reader :first, # the first one
                :second # the other, :third

    private

    # Whatever `private` says.
    def Backend.open(name) = new

    public

    # After the blocks it is public.
    def last?
      true
    end
  end

  # @!visibility private
  class Unseen
    def of_nobody; end
  end

  # Of the library.
  #
  # @private
  class Own; end
end
