// Figures that several workloads have: where a line has them, how a table shows them, and which way is better.

export const CPU = { key: 'cpuMs', title: 'CPU ms, all', digits: 3, better: 'less' };
export const NODE_CPU = { key: 'nodeCpuMs', title: 'CPU ms, Node', digits: 3, better: 'less' };
export const SERVER_CPU = { key: 'serverCpuMs', title: 'CPU ms, servers', digits: 3, better: 'less' };
export const WAL = { key: 'walBytes', title: 'WAL bytes', digits: 0, better: 'less' };
export const OTHERS = { key: 'otherLoadPercent', title: 'other load %', digits: 0 };

export const p50 = (title = 'p50 ms') => ({ key: 'p50Ms', title, digits: 2, better: 'less' });
export const p99 = (title = 'p99 ms') => ({ key: 'p99Ms', title, digits: 2, better: 'less' });
