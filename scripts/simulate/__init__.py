"""Learners whose memory is known, practising under qbank and under what others do, in equal time."""
