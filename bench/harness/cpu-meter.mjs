// CPU time of this process and of the servers it works with, between two moments.
//
// Wall-clock figures of a shared machine swing with its other load; CPU time per step does not (much), so it is the figure to compare by.
// Postgres is the postmaster, its living children, and the children it has already reaped (their time moves into the postmaster's own
// cutime/cstime), so a backend or an autovacuum worker that ends in between is counted once. Redis and the Restate server are one process
// each. Linux only: it reads /proc.

import { readFileSync, readdirSync } from 'node:fs';

/** /proc counts in USER_HZ, which the Linux ABI fixes at 100 per second whatever the kernel's own tick is. */
const MS_PER_TICK = 10;

/**
 * Starts measuring.
 * @param {number} postmasterPid process id of the postmaster
 * @param {number | null} servicePid process id of another server that takes part, if one does
 * @param {readonly number[]} pids of processes of Node that take part beside this one
 * @returns {() => { wallMs: number, nodeMs: number, serverMs: number, otherLoadPercent: number }} ends the measurement; `serverMs` is of all
 *   servers together; `otherLoadPercent` is what everybody else used, in percent of all cores
 */
export function startCpuMeter(postmasterPid, servicePid = null, pids = []) {
  const before = snapshot(postmasterPid, servicePid, pids);
  return () => {
    const after = snapshot(postmasterPid, servicePid, pids);
    const wallMs = after.at - before.at;
    const nodeMs = after.nodeMs - before.nodeMs;
    const serverMs = after.serverMs - before.serverMs;
    const otherMs = Math.max(0, after.machineMs - before.machineMs - nodeMs - serverMs);
    return { wallMs, nodeMs, serverMs, otherLoadPercent: (100 * otherMs) / (wallMs * after.cores) };
  };
}

function snapshot(postmasterPid, servicePid, pids) {
  const usage = process.cpuUsage();
  const machine = machineTime();
  const service = servicePid === null ? null : processTime(servicePid);
  if (servicePid !== null && !service) throw new Error(`The server with process id ${servicePid} has gone.`);
  return {
    at: performance.now(),
    nodeMs: (usage.user + usage.system) / 1000 + pids.reduce((sum, pid) => sum + (processTime(pid)?.ownMs ?? 0), 0),
    serverMs: postgresTime(postmasterPid) + (service?.ownMs ?? 0),
    machineMs: machine.busyMs,
    cores: machine.cores,
  };
}

function postgresTime(postmasterPid) {
  const postmaster = processTime(postmasterPid);
  if (!postmaster) throw new Error(`No process ${postmasterPid}: is that the postmaster's process id?`);
  let total = postmaster.ownMs + postmaster.reapedMs;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const child = processTime(entry);
    if (child?.parent === postmasterPid) total += child.ownMs;
  }
  return total;
}

/** Null when the process ended between the listing and the reading. */
function processTime(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  // The command name, field 2, may hold spaces and brackets; what follows its last bracket is field 3 and on.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = (index) => Number(fields[index]);
  return { parent: ticks(1), ownMs: (ticks(11) + ticks(12)) * MS_PER_TICK, reapedMs: (ticks(13) + ticks(14)) * MS_PER_TICK };
}

function machineTime() {
  const lines = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user, nice, system, , , irq, softirq, steal] = lines[0].trim().split(/\s+/).slice(1).map(Number);
  return {
    busyMs: (user + nice + system + irq + softirq + steal) * MS_PER_TICK,
    cores: lines.filter((line) => /^cpu\d/.test(line)).length,
  };
}
