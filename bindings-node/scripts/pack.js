'use strict';

// Creates the npm packages to publish: the main package, which contains no addon, and one package for each addon that was built.
// Usage: node scripts/pack.js FOLDER

const { execFileSync } = require('node:child_process');
const { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { TARGETS } = require('../lib/platform.js');

const root = path.join(__dirname, '..');
const manifest = require('../package.json');
const EDGE = 'edge/dist';
const LICENCES = ['LICENSE-APACHE', 'LICENSE-MIT'];
const BILL = 'sealwire.cyclonedx.json';
const ADDED = [...LICENCES, BILL];

function main(out) {
  mkdirSync(out, { recursive: true });
  const built = Object.keys(TARGETS).filter((build) => existsSync(addon(build)));
  if (built.length === 0) throw new Error('no addon is built; run npm run build first');
  const packed = [packMain(out), ...built.map((build) => packPlatform(out, build))];
  for (const file of packed) console.log(path.join(out, file));
}

const addon = (build) => path.join(root, `sealwire.${build}.node`);

function packMain(out) {
  const { devDependencies, scripts, ...published } = manifest;
  const files = manifest.files.filter((pattern) => pattern !== '*.node');
  const optionalDependencies = Object.fromEntries(
    Object.keys(TARGETS).map((build) => [name(build), manifest.version]),
  );
  return inFolder(out, { ...published, files, optionalDependencies }, (folder) => {
    const own = readdirSync(root).filter((file) => files.some((pattern) => matches(file, pattern)));
    const edge = existsSync(path.join(root, EDGE)) ? [EDGE] : [];
    for (const file of [...own, ...edge])
      cpSync(path.join(root, file), path.join(folder, file), { recursive: true });
  });
}

// Returns whether a file in the root folder matches an entry of `files`: a name, or `*` and an ending.
const matches = (file, pattern) =>
  pattern.startsWith('*') ? file.endsWith(pattern.slice(1)) : file === pattern;

// Returns the npm package name of a build.
const name = (build) => `@sealwire/${build}`;

// Creates a platform's package. Its JavaScript file exports the path of the addon. Bundlers can parse this file, but not the
// addon.
function packPlatform(out, build) {
  const [platform, arch, libc] = build.split('-');
  const file = `sealwire.${build}.node`;
  const { version, author, license, homepage, bugs, repository, engines } = manifest;
  const described = {
    name: name(build),
    version,
    description: `The addon of sealwire for ${build}`,
    author,
    license,
    homepage,
    bugs,
    repository,
  };
  const limits = {
    os: [platform],
    cpu: [arch],
    ...(platform === 'linux' && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
  };
  const contents = { type: 'commonjs', main: 'index.js', files: ['index.js', file, ...ADDED], engines };
  return inFolder(out, { ...described, ...limits, ...contents }, (folder) => {
    cpSync(addon(build), path.join(folder, file));
    const source = `'use strict';\n\nmodule.exports = require('node:path').join(__dirname, '${file}');\n`;
    writeFileSync(path.join(folder, 'index.js'), source);
    const readme = `# ${name(build)}\n\nThe addon of [sealwire](https://www.npmjs.com/package/sealwire) for ${build}. Install \`sealwire\`.\n`;
    writeFileSync(path.join(folder, 'README.md'), readme);
  });
}

// Returns the addon's software bill of materials.
const bill = () => execFileSync(path.join(root, '../scripts/sbom'), ['sealwire-node']);

function inFolder(out, described, fill) {
  const folder = path.join(os.tmpdir(), `sealwire-pack-${process.pid}`);
  try {
    mkdirSync(folder);
    fill(folder);
    for (const file of LICENCES) cpSync(path.join(root, '..', file), path.join(folder, file));
    writeFileSync(path.join(folder, BILL), bill());
    writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
    const command = ['pack', '--json', '--loglevel=error', '--pack-destination', path.resolve(out)];
    const [{ filename }] = JSON.parse(execFileSync('npm', command, { cwd: folder, encoding: 'utf8' }));
    return filename;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv[2] ?? 'dist');
