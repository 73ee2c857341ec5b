"""The sections of the written report, each a pure function from a result to lines of Markdown (GitHub's dialect)."""
