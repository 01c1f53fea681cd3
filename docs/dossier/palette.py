"""The colours of the dossier for light and dark pages; the theme puts them where each mode needs them.

Every colour pair was chosen for a contrast of at least 4.5 : 1, and no colour carries a meaning alone.
"""

from __future__ import annotations

LIGHT = {
    "stim-proved": "#136c3e", "stim-proved-soft": "#e4f4ea",
    "stim-refuted": "#b3261e", "stim-refuted-soft": "#fdebe9",
    "stim-unknown": "#7a5200", "stim-unknown-soft": "#fff3d1",
    "stim-error": "#7b1fa2", "stim-error-soft": "#f5e6fa",
    "stim-plain": "#525a63", "stim-plain-soft": "#eef1f4",
    "stim-ink": "#1f2328", "stim-faint": "#8b929a", "stim-grid": "#dfe3e8", "stim-law": "#7a5ea8",
    "stim-limit": "#c4320a", "stim-device": "#1666b0", "stim-harm": "#b3261e", "stim-safe": "#1a7f4b",
    "stim-line": "#e1e5ea", "stim-stripe": "#f7f9fb", "stim-head": "#f1f4f7", "stim-mode": "#eaf2fb",
    "stim-mode-line": "#4a7fb5",
    "color-brand-primary": "#14528c", "color-brand-content": "#14609f",
}  # fmt: skip

DARK = {
    "stim-proved": "#6fdca8", "stim-proved-soft": "#12301f",
    "stim-refuted": "#ff9a91", "stim-refuted-soft": "#421815",
    "stim-unknown": "#ffd075", "stim-unknown-soft": "#3a2c08",
    "stim-error": "#e0a8f2", "stim-error-soft": "#351b3e",
    "stim-plain": "#aeb7c1", "stim-plain-soft": "#262b31",
    "stim-ink": "#e3e7eb", "stim-faint": "#8b949e", "stim-grid": "#30363d", "stim-law": "#b9a3e3",
    "stim-limit": "#ff9466", "stim-device": "#6db3f2", "stim-harm": "#ff9a91", "stim-safe": "#6fdca8",
    "stim-line": "#32383f", "stim-stripe": "#1a1d21", "stim-head": "#21262c", "stim-mode": "#1b2a3a",
    "stim-mode-line": "#6d9fd0",
    "color-brand-primary": "#8cc4f5", "color-brand-content": "#86bff2",
}  # fmt: skip
