// Copyright 2024 Ada Lovelace. Licensed under the MIT licence.
#region Usings
using System;
using System.Collections.Generic;
using Alias = Example.Shop.Internal.Ledger;
#endregion

#nullable enable
namespace Example.Shop
{
    /// <summary>
    /// A basket of <typeparamref name="T"/>, see <see cref="T:Example.Shop.IPriced"/> and
    /// <see langword="null"/>.
    /// </summary>
    /// <remarks>
    /// <para>Fill it like this:</para>
    /// <code>
    /// var basket = new Basket&lt;Thing&gt;();
    ///   basket.Put(thing);
    /// </code>
    /// <list type="bullet">
    /// <item><description>ordered</description></item>
    /// <item><term>fast</term><description>in most cases</description></item>
    /// </list>
    /// </remarks>
    /// <typeparam name="T">what is in it</typeparam>
    [Serializable]
    [Flags]
    public sealed partial class Basket<T> : Shelf<T>, IPriced, IEnumerable<KeyValuePair<string, T>>
        where T : class, IPriced, new()
    {
        /// <summary>Most things.</summary>
        public const int Max = 16, Least = 1;

        private readonly string text = $"{Max:"x"} {{ {(true ? "}" : "{")}";
        private readonly string path = @"c:\", raw = """
            public void NotAMethod() { " }
            """;

#if NET8_0
        /// <summary>New in this version.</summary>
        public int Fresh { get; init; }
#else
        public int Stale { get; }
#endif

        /// <summary>How many.</summary>
        /// <value>never negative</value>
        public int Count { get; private set; } = 0;

        /// <summary>The first.</summary>
        public T? First => null;

        public (int Left, string Right) Pair { get => (1, ""); set { } }

        /// <summary>By its name.</summary>
        /// <param name="name">what it is called</param>
        public T this[string name] { get { return null!; } }

        /// <summary>Raised when it is full.</summary>
        public event EventHandler<EventArgs>? Full;

        /// <summary>Makes one.</summary>
        public Basket(int size) : base(size) { }

        /// <summary>Puts a thing into it.</summary>
        /// <param name="thing">what</param>
        /// <returns>whether there was <c>room &lt; 1</c></returns>
        /// <exception cref="T:System.ArgumentNullException">when it is <paramref name="thing"/></exception>
        public async Task<bool> PutAsync<TKey>([NotNull] T thing, params TKey[] keys) where TKey : struct
            => await Task.FromResult(true);

        /// <inheritdoc/>
        public override long Price() { return 0; }

        void IDisposable.Dispose() { }

        ~Basket() { }

        [Obsolete("Use PutAsync instead")]
        public void Put(T thing) { }

        public static Basket<T> operator +(Basket<T> a, Basket<T> b) => a;
        public static implicit operator int(Basket<T> a) => 0;

        internal void Helper() { }
        protected internal virtual void Hook() { }
        private protected void Guarded() { }
        void Hidden() { }

        /// <summary>How it is paid.</summary>
        public enum Payment : byte
        {
            /// <summary>With coins.</summary>
            Cash = 1,
            Card = 1 << 2
        }
    }

    /// <summary>Tells of a change.</summary>
    public delegate void Changed<in T>(object sender, T what);

    namespace Internal
    {
        /// <summary>Keeps the books.</summary>
        public class Ledger { }
    }
}
