/** What a product is called, everywhere. `dockmesh` is the imitated one's own naming, so that its real profile can be tried. */
const PRODUCTS = {
  sample: { name: 'sample', agent: 'sample-agent', ctl: 'samplectl', envPrefix: 'SAMPLE_' },
  dockmesh: { name: 'dockmesh', agent: 'dockmesh-agent', ctl: 'dmctl', envPrefix: 'DOCKMESH_' },
};

export function productNamed(as) {
  const product = PRODUCTS[as];
  if (product === undefined) throw new Error(`Unknown product ${as}: expected ${Object.keys(PRODUCTS).join(' or ')}`);
  return product;
}

/** "amd64" or "arm64": this machine in Go's words. */
export const hostArch = process.arch === 'arm64' ? 'arm64' : 'amd64';

export const assetName = (product, arch) => `${product.name}_linux_${arch}.tar.gz`;
