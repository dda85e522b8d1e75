import type { Fault } from '@/map/editing/pieces'

const zh = {
  map: '地图', loading: '正在打开地图…', failed: '地图打不开，仍可在下面的文本框中填写坐标。',
  noCommunity: '请先选择社区，再在地图上绘制。',
  edit: '修改', draw: '绘制', redraw: '重新绘制', hole: '挖空', remove: '删除所选', undo: '撤销', fit: '缩放到图形',
  hintEdit: '点选图形，拖动白色圆点移动拐点，拖动小圆点增加拐点，右键（或长按）圆点删除拐点。',
  hintPoint: '拖动圆点移动位置。',
  hintDrawPolygon: '逐点点击画出轮廓，再次点击第一个点（或按回车键）完成；Esc 取消。靠近相邻边界时自动吸附。',
  hintDrawLineString: '逐点点击画线，再次点击最后一个点（或按回车键）完成；Esc 取消。',
  hintDrawPoint: '点击地图放置位置。',
  hintHole: '在图形内部画出要挖空的部分（如天井）。',
  hintRead: '滚轮缩放需按住 Ctrl 键。',
  reportFailed: '地图打不开；下面的逐行结果不受影响。',
  shapesAll: '地图上有 {shown} 个图形，共 {total} 行。点击图形找到对应的行；点击行中的 ⌖ 找到图形。',
  shapesSome: '地图上显示 {shown} 个图形，共 {total} 行：本页各行，以及每种处理结果中均匀抽取的部分；没有轮廓的行不显示。点击图形找到对应的行；点击行中的 ⌖ 找到图形。',
  empty: '尚未绘制。', parts: '共 {count} 部分', holes: '，{count} 处挖空',
  fault_not_json: '这不是有效的 JSON，地图未更改。', fault_no_geometry: '这不是 GeoJSON 几何对象，地图未更改。',
  fault_wrong_kind: '几何类型不对，此处需要 {kind}。', fault_coordinates: '坐标不完整、超出范围或轮廓未闭合，地图未更改。',
  fault_hole_outside: '挖空部分不在任何图形之内，请移入或删除。',
  zoomIn: '放大', zoomOut: '缩小', ctrlScroll: '按住 Ctrl 键并滚动滚轮来缩放地图', cmdScroll: '按住 ⌘ 键并滚动来缩放地图',
  twoFingers: '用两根手指移动地图', metres: '米', kilometres: '公里',
}

const en: typeof zh = {
  map: 'Map', loading: 'Opening the map…', failed: 'The map cannot be opened; coordinates can still be entered as text below.',
  noCommunity: 'Choose a community first, then draw on the map.',
  edit: 'Edit', draw: 'Draw', redraw: 'Draw anew', hole: 'Cut a hole', remove: 'Delete selected', undo: 'Undo', fit: 'Zoom to shape',
  hintEdit: 'Click a shape; drag a white dot to move a corner, a small dot to add one; right-click a dot to delete it.',
  hintPoint: 'Drag the dot to move the position.',
  hintDrawPolygon: 'Click corner by corner; click the first one again (or press Enter) to finish, Esc to cancel. Snaps to neighbouring borders.',
  hintDrawLineString: 'Click point by point; click the last one again (or press Enter) to finish, Esc to cancel.',
  hintDrawPoint: 'Click the map to place it.',
  hintHole: 'Draw what is cut out of the shape, such as a courtyard.',
  hintRead: 'Hold Ctrl and scroll to zoom.',
  reportFailed: 'The map cannot be opened; the rows below are not affected.',
  shapesAll: '{shown} shapes of {total} rows. Click a shape to find its row; click ⌖ in a row to find its shape.',
  shapesSome: '{shown} shapes of {total} rows: those of this page, and an even pick of every outcome; rows without an outline have none. Click a shape to find its row; click ⌖ in a row to find its shape.',
  empty: 'Nothing drawn yet.', parts: '{count} part(s)', holes: ', {count} hole(s)',
  fault_not_json: 'This is no valid JSON; the map stays as it was.', fault_no_geometry: 'This is no GeoJSON geometry; the map stays as it was.',
  fault_wrong_kind: 'This is another kind of geometry; {kind} is needed here.',
  fault_coordinates: 'Coordinates are missing, out of range, or an outline is not closed; the map stays as it was.',
  fault_hole_outside: 'A hole lies in no shape; move it inside or delete it.',
  zoomIn: 'Zoom in', zoomOut: 'Zoom out', ctrlScroll: 'Use Ctrl + scroll to zoom the map', cmdScroll: 'Use ⌘ + scroll to zoom the map',
  twoFingers: 'Use two fingers to move the map', metres: 'm', kilometres: 'km',
}

export type Word = keyof typeof zh

/** A word in the language of the page; `{name}` is filled in. */
export function say(word: Word, values: Readonly<Record<string, string | number>> = {}): string {
  const words = document.documentElement.lang.startsWith('en') ? en : zh
  return words[word].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

export function sayFault(fault: Fault, kind: string): string {
  return say(`fault_${fault}`, { kind })
}

/** The words of MapLibre's own controls. */
export function controlWords(label: string): Record<string, string> {
  return {
    'Map.Title': label || say('map'),
    'NavigationControl.ZoomIn': say('zoomIn'),
    'NavigationControl.ZoomOut': say('zoomOut'),
    'CooperativeGesturesHandler.WindowsHelpText': say('ctrlScroll'),
    'CooperativeGesturesHandler.MacHelpText': say('cmdScroll'),
    'CooperativeGesturesHandler.MobileHelpText': say('twoFingers'),
    'ScaleControl.Meters': say('metres'),
    'ScaleControl.Kilometers': say('kilometres'),
  }
}
