#!/usr/bin/env node
// A mirror on loopback of a directory that build-sample.mjs wrote: `node scripts/serve-releases.mjs --help`.
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { commit, FAULT_KINDS, parseFault, replacesBody, takeFault } from './sample/faults.mjs';
import { githubApi, releasesOf } from './sample/github.mjs';
import { rangeOf } from './sample/ranges.mjs';

/** Starts the mirror. Options and result: serve-releases.d.mts. */
export async function serveReleases(dir, { port = 0, host = '127.0.0.1', faults = [] } = {}) {
  const mirror = { dir: path.resolve(dir), faults: faults.map(parseFault), requests: [], serial: 0 };
  const server = http.createServer((request, response) => {
    response.on('finish', () => note(mirror, request, response));
    answer(mirror, request, response).catch(() => response.destroy());
  });
  await once(server.listen(port, host), 'listening');
  mirror.url = `http://${host}:${server.address().port}`;
  return {
    url: mirror.url,
    requests: mirror.requests,
    setFaults: (texts) => {
      mirror.faults = texts.map(parseFault);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function note(mirror, request, response) {
  const { range, authorization } = request.headers;
  mirror.requests.push({
    method: request.method,
    path: request.url,
    status: response.statusCode,
    range,
    authorization,
  });
}

async function answer(mirror, request, response) {
  const url = new URL(request.url, mirror.url);
  const fault = takeFault(mirror.faults, url.pathname);
  const download = /^\/[^/]+\/[^/]+\/releases\/download(\/[^/]+\/[^/]+)$/.exec(url.pathname);
  if (download !== null && !replacesBody(fault)) return redirect(response, `${mirror.url}${download[1]}`);
  const found = resource(mirror, url);
  if (found === undefined && !replacesBody(fault)) return response.writeHead(404).end('Not Found\n');
  const { size, etag, ...rest } = found ?? { size: 0, etag: '', bytes: Buffer.alloc(0) };
  return send({ mirror, request, response, fault, size, etag, ...rest });
}

/** GitHub does so too, to a host of its own: a client must follow, and not take its token along. */
const redirect = (response, location) => response.writeHead(302, { Location: location }).end();

function resource(mirror, url) {
  const json = (body, link) => {
    const bytes = Buffer.from(JSON.stringify(body));
    return { bytes, size: bytes.length, etag: `"${bytes.length}"`, link, type: 'application/json; charset=utf-8' };
  };
  if (url.pathname === '/releases.json') return json(releasesOf(mirror.dir, mirror.url));
  const api = githubApi(mirror.dir, mirror.url, url);
  if (api?.body !== undefined) return json(api.body, api.link);
  const file = path.join(mirror.dir, path.normalize(decodeURIComponent(url.pathname)));
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return undefined;
  return {
    file,
    size: stat.size,
    etag: `"${stat.size}-${Math.trunc(stat.mtimeMs)}"`,
    type: 'application/octet-stream',
  };
}

async function send({ mirror, request, response, fault, size, etag, file, bytes, link, type }) {
  mirror.serial += 1;
  const tag = fault === 'new-etag' ? `"changed-${mirror.serial}"` : etag;
  const range = fault === 'no-range' ? undefined : rangeOf(request.headers, size, tag);
  if (request.headers['if-none-match'] === tag) return response.writeHead(304, { ETag: tag }).end();
  if (range === 'unsatisfiable') return response.writeHead(416, { 'Content-Range': `bytes */${size}` }).end();
  const { start, end } = range ?? { start: 0, end: size };
  const headers = {
    'Content-Type': type ?? 'text/plain',
    'Content-Length': end - start,
    ETag: tag,
    ...(fault === 'no-range' ? {} : { 'Accept-Ranges': 'bytes' }),
    ...(range === undefined ? {} : { 'Content-Range': `bytes ${start}-${end - 1}/${size}` }),
    ...(link === undefined ? {} : { Link: link }),
  };
  const status = range === undefined ? 200 : 206;
  if (request.method === 'HEAD') return response.writeHead(status, headers).end();
  if (replacesBody(fault)) {
    const body = (bytes ?? (file === undefined ? Buffer.alloc(0) : fs.readFileSync(file))).subarray(start, end);
    return commit(fault, { response, status, headers, body });
  }
  response.writeHead(status, headers);
  if (bytes !== undefined || end === start) return response.end(bytes?.subarray(start, end));
  // Large chunks: a client's speed is measured against this.
  return pipeline(fs.createReadStream(file, { start, end: end - 1, highWaterMark: 1 << 20 }), response);
}

const HELP = `usage: node scripts/serve-releases.mjs --dir DIR [--port N] [--host ADDRESS] [--fault KIND[*TIMES][@PATH]]…

Serves <tag>/<asset> and releases.json, and the same as GitHub does: /repos/O/R/releases[/latest|/tags/T] and
/O/R/releases/download/<tag>/<asset>. Faults: ${FAULT_KINDS.join(' ')}
`;

async function main() {
  const text = { type: 'string' };
  const { values } = parseArgs({
    options: { dir: text, port: text, host: text, fault: { ...text, multiple: true }, help: { type: 'boolean' } },
  });
  if (values.help || values.dir === undefined) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const { dir, host = '127.0.0.1', fault: faults = [] } = values;
  const mirror = await serveReleases(dir, { host, port: Number(values.port ?? 0), faults });
  process.stdout.write(`${mirror.url}\n`);
}

if (import.meta.main) await main();
