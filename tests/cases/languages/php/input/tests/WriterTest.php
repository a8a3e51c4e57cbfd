<?php
class WriterTest { public function testIt() {} }
