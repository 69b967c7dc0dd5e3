import type { Clock } from '@posthorn/core';

export const systemClock: Clock = () => new Date();
