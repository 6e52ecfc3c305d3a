"""Assessment kit for deep-learning notebooks: judge and student code are different processes."""
