// The days lie side by side and stick out: the chosen one is in view.

const chosen = document.querySelector(".dayr [aria-current]");
chosen?.scrollIntoView({ inline: "center", block: "nearest" });
