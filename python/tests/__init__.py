"""Tests, by `deno task --cwd python test`; `unittest` finds them."""
