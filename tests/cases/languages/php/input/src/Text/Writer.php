<?php

declare(strict_types=1);

namespace Example\Text;

use Example\Text\Contract\{Sink, Source};
use InvalidArgumentException;

/**
 * Writes text.
 *
 * It is <b>fast</b>, see {@see Writer::write()}.
 *
 * @property-read string $name The writer's name
 * @method static self make(string $name) Makes one
 */
#[\Attribute]
abstract class Writer extends Base implements \Countable, Sink
{
    use Logs, Counts {
        Logs::log insteadof Counts;
    }

    /** The most lines. */
    public const MAX = 100, LEAST = 1;
    protected const string KIND = 'text';
    private const HIDDEN = 1;

    /** @var array<string, int> What was written */
    public ?array $lines = ["}" => 1, 'a' => [1, 2]];

    private static int $count = 0;

    /** @param string $name who writes */
    public function __construct(
        public readonly string $name = "{$undefined['x']}",
        /** How wide lines are. */
        protected int $width = 80,
        bool $plain = true,
    ) {
        $closure = function () { return new class { public function inner() {} }; };
    }

    /**
     * Writes a line.
     *
     * @param string|\Stringable $line the line, with {@link https://example.org marks}
     * @param array<int, string> ...$more further lines
     *
     * @return int|false how many bytes, or `false`
     *
     * @throws InvalidArgumentException when the line is empty
     *
     * @template T
     */
    public function write(string|\Stringable $line, string ...$more): int|false
    {
        $text = <<<"END"
            function notAFunction() { {$this->name}
            class NotAClass {
            END;
        // ' an apostrophe
        # " a quote
        return strlen($text);
    }

    /** @deprecated use write() */
    final public static function &old(): ?self { return self::$x; }

    abstract protected function flush(): void;

    /** @internal */
    public function hiddenByAuthor(): void {}

    private function secret() {}

    /** {@inheritdoc} */
    public function count(): int { return 0; }
}
?>
<p class="function notPhp() {">it's text</p>
<?php
/** Where text goes. */
interface Mark
{
    const OPEN = '[';

    /** Puts one. */
    public function put(string $mark): static;
}

/** Counts things. */
trait Counts
{
    /** How many. */
    public function count(): int { return 1; }
}

/** Which side. */
enum Side: string implements Mark
{
    /** The left one. */
    case Left = 'l';
    case Right = 'r';

    const Default = self::Left;

    public function put(string $mark): static { return $this; }
}
