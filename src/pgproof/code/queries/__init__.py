"""SQL texts in code: recognised, made into statements that can be prepared, and judged by what PostgreSQL says."""
