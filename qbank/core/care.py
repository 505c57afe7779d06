"""The last days before the exam are ruled by care and not by yield: on the eve the gain of cramming is at its highest."""

CARE_DAYS = 3
"""How many they are. [judged]"""

MISSES_DAYS = 2
"""From so many days before it on nothing new: one's own misses and formulas. [judged]"""

QUIET_MINUTES = 60
"""The most two days before it. [judged]"""

EVE_MINUTES = 45
"""The most on the day before it. [judged]"""
