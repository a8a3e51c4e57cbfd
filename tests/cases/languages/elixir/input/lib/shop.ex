defmodule Shop do
  @moduledoc """
  Everything to shop.

      Shop.open("x")
  """

  @typedoc "What it costs."
  @type price :: integer
          | nil

  @typep secret :: atom

  defmodule Basket do
    @moduledoc "A basket."
    defstruct [:size]

    @doc "Is it empty?"
    def empty?(%{size: 0}), do: true
    def empty?(_), do: false
  end

  @doc """
  Opens it.

  ## Options

    * `:size` - how large
  """
  @doc since: "1.2"
  @spec open(String.t(), keyword) :: {:ok, Basket.t()}
  def open(
        name,
        opts \\ []
      )
      when is_binary(name) do
    text = """
    def not_a_function do
    """

    {:ok, text}
  end

  @deprecated "Use open/2"
  def old(name), do: open(name, [])

  @doc false
  def hidden, do: nil

  defp private(x), do: x

  @doc "Makes something."
  defmacro build(do: block) do
    block
  end

  defmacro __using__(_opts) do
    quote do
      @doc "Of those who use it."
      @type quoted() :: atom
      def quoted(x), do: x
    end
  end

  @doc "After it."
  def after_it, do: :ok

  @doc "Is called."
  @callback called(term) :: :ok
end

defmodule Shop.Internal do
  @moduledoc false

  def no, do: nil
end

defprotocol Shop.Priced do
  @doc "In cents."
  def price(thing)
end

defimpl Shop.Priced, for: Shop.Basket do
  def price(_), do: 0
end

defmodule Shop.Secret do
  def before_it_is_said, do: nil

  @moduledoc false

  def of_nobody, do: nil
end

if Code.ensure_loaded?(Other) do
  defmodule Shop.Other do
    @moduledoc "With another."

    def with_other, do: :ok
  end
end
