<?php
namespace Example;

/** A page. */
class Page {}
