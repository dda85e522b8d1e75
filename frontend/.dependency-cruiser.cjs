/**
 * Who may import whom: pages -> panels, map -> layers -> state -> api, live, offline -> geo, i18n. Each room may
 * import everything to its right and nothing to its left; rooms of one step do not meet.
 */
const STEPS = [['pages'], ['panels', 'map'], ['layers'], ['state'], ['api', 'live', 'offline'], ['geo', 'i18n']]

const directions = STEPS.flatMap((rooms, step) =>
  rooms.map((room) => {
    const right = STEPS.slice(step + 1).flat()
    return {
      name: `${room} imports only to its right`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, ...right].join('|')})/` },
    }
  }),
)

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'only the map imports the map engine',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/map/' },
      to: { path: 'node_modules/maplibre-gl/' },
    },
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing dangles', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '\\?url$|^/' } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
}
