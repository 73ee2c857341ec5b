"""Valid rows for any table from its catalog alone, and for each constraint a row that breaks only it."""
