"""Being seen: rota, diary, consultations and paperwork; decisions that wait for nothing."""
