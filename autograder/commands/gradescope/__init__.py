"""An assignment on Gradescope: the zip that is uploaded there, and what runs inside of it."""
