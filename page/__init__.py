"""What the chat page needs besides gradio: its words as HTML, its style, its script, the guard before it."""
