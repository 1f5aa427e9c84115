"""What the app shows: one function a page, thin; Streamlit is used here and nowhere else."""
