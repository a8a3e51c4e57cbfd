<?php

namespace Example\Text;

if (!function_exists('Example\Text\shout')) {
    /**
     * Says it aloud.
     *
     * @param string $text what
     */
    function shout(string $text): string
    {
        return strtoupper($text);
    }
}

/** How loud. */
const LOUDNESS = 11;

namespace Example\Other;

/** Whispers. */
function whisper(callable $what, int $a = PHP_INT_MAX): void {}
