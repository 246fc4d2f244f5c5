import fs from 'node:fs';
import path from 'node:path';

/** Signatures, and the manifest that one is over. */
const ADDED = /\.(?:sigstore\.json|bundle|minisig)$|^manifest\.json$/;

/** releases.json of the directory, with the addresses a client would follow. What was signed since it was written is in it too. */
export function releasesOf(dir, base) {
  const releases = JSON.parse(fs.readFileSync(path.join(dir, 'releases.json'), 'utf8'));
  return releases.map((release) => ({
    ...release,
    assets: [...release.assets, ...addedTo(path.join(dir, release.tag_name), release.assets)].map((asset) => ({
      ...asset,
      browser_download_url: `${base}/${release.tag_name}/${asset.name}`,
    })),
  }));
}

function addedTo(folder, assets) {
  const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const added = names.filter((name) => ADDED.test(name) && !assets.some((asset) => asset.name === name));
  return added.map((name) => ({ name, size: fs.statSync(path.join(folder, name)).size }));
}

/** What api.github.com answers below /repos/<owner>/<name>/releases; undefined for 404. `latest` leaves out prereleases. */
export function githubApi(dir, base, url) {
  const route = /^\/repos\/[^/]+\/[^/]+\/releases(\/latest|\/tags\/([^/]+))?$/.exec(url.pathname);
  if (route === null) return undefined;
  const releases = releasesOf(dir, base);
  if (route[1] === '/latest') return { body: releases.find((one) => !one.prerelease && !one.draft) };
  if (route[2] !== undefined) return { body: releases.find((one) => one.tag_name === route[2]) };
  const size = Math.min(Number(url.searchParams.get('per_page')) || 30, 100);
  const page = Number(url.searchParams.get('page')) || 1;
  const next = new URL(url.pathname + url.search, base);
  next.searchParams.set('page', String(page + 1));
  const more = releases.length > page * size;
  return { body: releases.slice((page - 1) * size, page * size), ...(more ? { link: `<${next}>; rel="next"` } : {}) };
}
