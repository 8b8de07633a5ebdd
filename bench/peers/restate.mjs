// Restate: its server with its defaults, one endpoint in this process by the TypeScript SDK over HTTP/2, calls through the ingress by its
// client. A wait is an awakeable, a timer `ctx.sleep`, children are calls to another handler.

import http2 from 'node:http2';
import { Room } from '../harness/room.mjs';
import { freePort } from '../harness/free-port.mjs';

/** Calls at a time; found by trial on two cores. Below the thousand invocations that one server runs by default. */
const IN_FLIGHT = 200;

export default {
  name: 'restate',
  title: 'Restate',
  package: `@restatedev/restate-server-${process.platform}-${process.arch}`,
  service: 'restate',
  leavesOut: 'a server with a store of its own: what a step writes to your database is not in its commit; no people',
  doesLess: { memory: 'what waits is in its server' },
  cannot: { screen: 'no people', passOver: 'one mode only', lists: 'no pages of its own', tenants: 'not asked', existing: 'not asked' },
  atMost: { 'three-steps': 4_000, emitter: 4_000, memory: 2_000 },
  open,
};

async function open({ restateIngressPort, restateAdminPort }) {
  process.env.RESTATE_LOGGING = 'ERROR'; // read when the SDK is loaded
  const [restate, clients] = await Promise.all([import('@restatedev/restate-sdk'), import('@restatedev/restate-sdk-clients')]);
  let [ended, stepped, waiting] = [0, 0, 0];
  const waits = new Map();
  const fired = new Map();
  const step = (ctx, n) =>
    ctx.run(`s${n}`, async () => {
      stepped++;
      return { ok: true, n };
    });
  const bench = restate.service({
    name: 'bench',
    handlers: {
      steps: async (ctx, steps) => {
        const outputs = [];
        for (let n = 1; n <= steps; n++) outputs.push(await step(ctx, n));
        return outputs;
      },
      carry: (ctx, payload) =>
        ctx.run('s1', async () => {
          stepped++;
          return payload;
        }),
      wait: async (ctx, mark) => {
        const a = await step(ctx, 1);
        const { id, promise } = ctx.awakeable();
        await ctx.run('publish', async () => void waits.get(mark)(id));
        return { a, answer: await promise, b: await step(ctx, 2) };
      },
      timer: async (ctx, { due, mark }) => {
        const ms = await ctx.run('until', async () => Math.max(0, due - Date.now()));
        await ctx.sleep(ms);
        return ctx.run('s1', async () => {
          stepped++;
          fired.get(mark)(Date.now());
          return { ok: true };
        });
      },
      child: (ctx) => step(ctx, 1),
      parent: async (ctx, children) => {
        const calls = Array.from({ length: children }, (_, i) => ctx.serviceClient({ name: 'bench' }).child(i));
        return (await restate.RestatePromise.all(calls)).length;
      },
    },
  });
  const port = await freePort();
  const server = http2.createServer(restate.endpoint().bind(bench).http2Handler());
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const registration = await fetch(`http://127.0.0.1:${restateAdminPort}/deployments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ uri: `http://127.0.0.1:${port}` }),
  });
  if (!registration.ok) throw new Error(`Restate refused the deployment: ${await registration.text()}`);
  const ingress = clients.connect({ url: `http://127.0.0.1:${restateIngressPort}` });
  const calls = ingress.serviceClient({ name: 'bench' });
  const sends = ingress.serviceSendClient({ name: 'bench' });
  const room = new Room(IN_FLIGHT);
  /** What waits for a timer's end must not keep another from being set. */
  const waitingRoom = new Room(IN_FLIGHT);
  await untilServing(() => calls.steps(0));

  const counted = async (call) => {
    await call;
    ended++;
  };
  const runToEnd = (handler, input) => room.within(() => counted(calls[handler](input)));
  return {
    run: (steps) => runToEnd('steps', steps),
    carry: (payload) => runToEnd('carry', payload),
    fanOut: async (children) => {
      await runToEnd('parent', children);
      ended += children;
    },
    wait: async () => {
      const mark = crypto.randomUUID();
      const isWaiting = new Promise((resolve) => waits.set(mark, resolve));
      const sent = await room.within(() => sends.wait(mark, clients.rpc.sendOpts({ idempotencyKey: mark })));
      const id = await isWaiting;
      waits.delete(mark);
      waiting++;
      return async () => {
        await room.within(() => Promise.all([counted(ingress.result(sent)), ingress.resolveAwakeable(id, { ok: true })]));
        waiting--;
      };
    },
    timer: async (due, onFired) => {
      const mark = crypto.randomUUID();
      fired.set(mark, onFired);
      const sent = await room.within(() => sends.timer({ due, mark }, clients.rpc.sendOpts({ idempotencyKey: mark })));
      return { end: waitingRoom.within(() => counted(ingress.result(sent))) };
    },
    /** What this process has counted: a call is answered when its end is in the server's log, and there is no table to look into. */
    verify: async ({ runs, steps, waiting: left = 0 }) => {
      if (ended !== runs || stepped < steps || waiting !== left)
        throw new Error(`Expected ${runs} runs, ${steps} steps and ${left} that wait, counted ${ended}, ${stepped} and ${waiting}.`);
    },
    close: async () => server.close(),
  };
}

async function untilServing(call) {
  for (let tries = 0; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
