"""What people read: short answers to questions, and one need's story."""
