/**
 * Shaders of the facade. Units are metres; the flag bits are those of `layers/dwellingStates.ts`. What is the
 * same over a whole wall is worked out once per corner; the pixels of far walls take a short path.
 */

const MIXED = `
float mixed(uint n) {
  n ^= n >> 16u; n *= 0x21f0aaadu; n ^= n >> 15u; n *= 0x735a2d97u; n ^= n >> 15u;
  return float(n >> 8u) / 16777216.0;
}
vec3 lamp(float pick) {
  if (pick < 0.50) return vec3(1.00, 0.74, 0.40);
  if (pick < 0.80) return vec3(1.00, 0.86, 0.64);
  if (pick < 0.94) return vec3(0.80, 0.90, 1.00);
  return vec3(0.46, 0.70, 1.00);
}
const int SELECTED = 1, HOVERED = 2, ALARM = 4, DIMMED = 32, ESTIMATED = 64, TINTED = 128;
const int IS_TOP = 256, PATTERN_SHIFT = 12;`

export const VERTEX_SHADER = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform mat4 u_matrix;
// Three texels a wall: (x0 y0 x1 y1), (base, top, mitres of both ends), (dwelling, its seed, building word).
uniform usampler2D u_walls;
uniform sampler2D u_state;
uniform float u_push;
uniform vec3 u_eye;
uniform vec3 u_light;
uniform vec2 u_fogRange;
uniform float u_quiet;    // 1: a facade mode is on, and what it does not colour is dark
out vec2 v_at;            // metres along the wall, metres above the dwelling's floor
out vec3 v_far;           // height above ground, share of fog, metres along the facade
flat out vec4 v_size;     // length and height of the wall, width of a bay, height of a storey
flat out vec4 v_style;    // half width of a window, kind of building, someone awake, share of glass
flat out vec4 v_plaster;  // colour, shade by the light
flat out vec3 v_glass;    // mean colour of the windows
flat out vec3 v_tint;
flat out uint v_seed;
flat out int v_flags;
${MIXED}
void main() {
  // Pulled from a table rather than instanced: an instance of four corners wastes most of a processor's lanes.
  int number = gl_VertexID >> 2;
  ivec2 texel = ivec2((number % 512) * 3, number / 512);
  vec4 wall = uintBitsToFloat(texelFetch(u_walls, texel, 0));
  uvec4 upright = texelFetch(u_walls, texel + ivec2(1, 0), 0);
  uvec3 ids = texelFetch(u_walls, texel + ivec2(2, 0), 0).xyz;
  vec2 span = uintBitsToFloat(upright.xy);
  float along = float(gl_VertexID & 1);
  float up = float((gl_VertexID >> 1) & 1);
  vec2 mitre = unpackSnorm2x16((gl_VertexID & 1) == 0 ? upright.z : upright.w);
  vec2 place = mix(wall.xy, wall.zw, along) + u_push * 4.0 * mitre;
  vec3 at = vec3(place, mix(span.x, span.y, up));
  gl_Position = u_matrix * vec4(at, 1.0);
  vec4 state = texelFetch(u_state, ivec2(int(ids.x) & 255, int(ids.x) >> 8), 0);
  v_flags = int(state.a * 255.0 + 0.5) | (int(ids.z >> 16) << 8);
  bool tinted = (v_flags & TINTED) != 0;
  // The lowest bits of a tint say its pattern.
  ivec3 low = ivec3(state.rgb * 255.0 + 0.5) & 1;
  if (tinted) v_flags |= (low.r | (low.g << 1) | (low.b << 2)) << PATTERN_SHIFT;
  v_tint = state.rgb;
  v_seed = ids.y;

  vec2 edge = wall.zw - wall.xy;
  vec2 size = vec2(max(length(edge), 0.01), span.y - span.x);
  v_at = vec2(along * size.x, up * size.y);
  // Counted from the tile's middle, so that a pattern runs on over the walls of neighbours in one plane.
  v_far = vec3(at.z, 0.72 * smoothstep(u_fogRange.x, u_fogRange.y, length(u_eye - at)), dot(place, edge / size.x));

  // Bays of about the width of a room; a storey each when a dwelling is taller than one.
  float house = float(ids.z & 0xffffu) / 65536.0;
  float kind = fract(house * 7.31);
  float bayWidth = size.x / max(1.0, floor(size.x / (2.7 + kind * 1.1) + 0.35));
  float storeyHeight = size.y / max(1.0, floor(size.y / 2.6 + 0.15));
  v_size = vec4(size, bayWidth, storeyHeight);
  float halfWidth = bayWidth * (0.30 + 0.10 * kind) * step(1.5, size.x);
  float share = 2.0 * halfWidth / bayWidth * 1.55 / storeyHeight * 0.86;
  float awake = step(0.30, mixed(ids.y * 3u + 11u));
  bool estimated = (v_flags & ESTIMATED) != 0;
  if (estimated || u_quiet > 0.5) awake = 0.0;
  v_style = vec4(halfWidth, kind, awake, share);

  float shade = 0.70 + 0.30 * dot(vec2(edge.y, -edge.x) / size.x, u_light.xy);
  vec3 plaster = mix(vec3(0.098, 0.158, 0.246), vec3(0.150, 0.178, 0.238), house);
  plaster = mix(plaster, vec3(0.118, 0.188, 0.228), step(0.72, kind));
  if (estimated) plaster = mix(plaster, vec3(0.17, 0.19, 0.23), 0.7);
  if (u_quiet > 0.5) plaster *= 0.72;
  if (tinted) plaster = mix(plaster, state.rgb, 0.52);
  v_plaster = vec4(plaster * shade, shade);
  // From afar a home is one spark: how many of its rooms are lit says how bright.
  float lit = mixed(ids.y + 5u);
  vec3 light = lamp(fract(lit * 13.7)) * 1.25;
  v_glass = tinted ? state.rgb : mix(vec3(0.045, 0.095, 0.175), light, awake * lit * 0.85);
}`

export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
in vec2 v_at;
in vec3 v_far;
flat in vec4 v_size;
flat in vec4 v_style;
flat in vec4 v_plaster;
flat in vec3 v_glass;
flat in vec3 v_tint;
flat in uint v_seed;
flat in int v_flags;
uniform float u_time;        // seconds
uniform float u_calm;        // 1: no movement wanted
uniform float u_arrival;     // 0 .. 1 while a tile appears
uniform vec3 u_body;         // colour of the plain building behind
uniform vec3 u_fog;
uniform vec3 u_severity[4];
uniform vec3 u_selected;
out vec4 o_colour;
${MIXED}
const float PATTERN_M = 1.45, PATTERN_PX = 9.0;
// How much of a pixel (1 / w metres wide) lies within half_ of the middle c: the map draws without samples.
float bar(float x, float c, float half_, float w) { return clamp((half_ - abs(x - c)) * w + 0.5, 0.0, 1.0); }
// The same between two heights, where both edges may fall into one pixel.
float band(float y, float low, float high, float w) {
  return clamp((y - low) * w + 0.5, 0.0, 1.0) * clamp((high - y) * w + 0.5, 0.0, 1.0);
}

// Ink of a pattern at q, one period a unit; blur is the width of a pixel in periods.
float pattern(int kind, vec2 q, float blur) {
  vec2 cell = fract(q) - 0.5;
  float far = length(cell);
  float edge = 1.0;  // below 0: ink
  if (kind == 1) edge = abs(fract(q.x + q.y) - 0.5) - 0.25;
  else if (kind == 2) edge = abs(fract(q.x - q.y) - 0.5) - 0.25;
  else if (kind == 3) edge = abs(cell.y) - 0.22;
  else if (kind == 4) edge = far - 0.30;
  else if (kind == 5) edge = min(abs(fract(q.x + q.y) - 0.5), abs(fract(q.x - q.y) - 0.5)) - 0.13;
  else if (kind == 6) edge = abs(far - 0.32) - 0.11;
  else if (kind == 7) edge = cell.x * cell.y * 2.0;
  return clamp(0.5 - edge / max(blur * 1.5, 1e-3), 0.0, 1.0);
}
// The same at a size that the eye can make out from here: periods double with the distance, one into the other.
float inkOf(int kind, vec2 pixel) {
  if (kind == 0) return 0.0;
  vec2 at = vec2(v_far.z, v_far.x);
  float coarse = max(0.0, log2(max(pixel.x, pixel.y) * PATTERN_PX / PATTERN_M));
  float period = PATTERN_M * exp2(floor(coarse));
  float blur = (pixel.x + pixel.y) * 0.5 / period;
  float fine = pattern(kind, at / period, blur);
  float part = smoothstep(0.55, 1.0, fract(coarse));
  return part > 0.0 ? mix(fine, pattern(kind, at / period * 0.5, blur * 0.5), part) : fine;
}

vec3 nearWall(vec3 plaster, vec2 w, out float glassPart) {
  float bayWidth = v_size.z, storeyHeight = v_size.w, halfWidth = v_style.x, kind = v_style.y;
  float storey = min(floor(v_at.y / storeyHeight), floor(v_size.y / storeyHeight + 0.01) - 1.0);
  float bay = floor(v_at.x / bayWidth);
  float x = v_at.x - bay * bayWidth - bayWidth * 0.5;
  float y = v_at.y - storey * storeyHeight;
  uint cell = v_seed + uint(max(bay, 0.0)) * 0x9e3779b9u + uint(max(storey, 0.0)) * 0x85ebca6bu;
  float luck = mixed(cell);
  bool balcony = luck > 0.72 && bayWidth > 2.4 && kind > 0.3;
  float low = balcony ? 0.16 : 0.82;
  float high = min(storeyHeight - 0.34, low + (balcony ? 2.3 : 1.55));

  float opening = bar(x, 0.0, halfWidth, w.x) * band(y, low, high, w.y);
  float inner = bar(x, 0.0, halfWidth - 0.07, w.x) * band(y, low + 0.07, high - 0.07, w.y);
  float bars = 1.0 - bar(x, 0.0, 0.035, w.x);
  if (bayWidth > 3.2) bars *= 1.0 - bar(abs(x), halfWidth * 0.5, 0.03, w.x);
  glassPart = inner * bars;

  // Light inside: a home is awake or not, and then not every room. Curtains soften some.
  float deep = clamp((y - low) / (high - low), 0.0, 1.0);
  float part = fract(luck * 61.7);
  vec3 light = lamp(fract(luck * 17.3)) * (0.55 + 0.45 * part) * (0.72 + 0.40 * deep);
  if (part > 0.55) light *= 0.60 + 0.25 * smoothstep(0.1, 0.2, abs(x) / halfWidth);
  float on = v_style.z * step(fract(luck * 5.9), 0.62);
  if ((v_flags & TINTED) != 0) { on = 1.0; light = v_tint * (0.75 + 0.35 * deep); }
  vec3 glass = mix(mix(vec3(0.050, 0.095, 0.165), vec3(0.085, 0.165, 0.270), deep), light, on);

  vec3 colour = mix(plaster, plaster * 0.42, opening);
  colour = mix(colour, plaster * 1.55 + 0.02, max(opening - inner, 0.0) * 0.8);
  colour = mix(colour, glass, glassPart);
  // Sill or balcony rail, and the edge of the slab, give the wall its relief.
  float rail = balcony ? bar(y, 1.0, 0.06, w.y) : bar(y, low - 0.06, 0.06, w.y);
  colour = mix(colour, plaster * 1.7 + 0.015, bar(x, 0.0, halfWidth + 0.11, w.x) * rail * 0.9);
  colour = mix(colour, plaster * 1.35 + 0.012, bar(y, 0.0, 0.10, w.y) * 0.75);
  return colour * (1.0 - 0.30 * bar(y, storeyHeight, 0.30, min(w.y, 8.0)));
}

void main() {
  vec2 pixel = max(fwidth(v_at), vec2(1e-4));
  vec2 w = 1.0 / pixel;
  float height = v_far.x;
  vec3 plaster = v_plaster.rgb * (0.86 + 0.34 * min(height / 70.0, 1.0)) * (1.0 - 0.38 * exp(-height * 0.40));
  // Far away one storey is a pixel or two: the mean colour of the wall, so that nothing flickers.
  vec3 colour = mix(plaster, v_glass, v_style.w);
  float fine = clamp(1.55 - max(pixel.x * 0.85, pixel.y * 1.35), 0.0, 1.0);
  float glassPart = 0.0;
  if (fine > 0.0) colour = mix(colour, nearWall(plaster, w, glassPart), fine);

  if ((v_flags & ESTIMATED) != 0) {
    float diagonal = abs(fract((v_at.x + height) / 1.4) - 0.5) * 1.4;
    float blur = (pixel.x + pixel.y) * 0.7;
    float hatch = 1.0 - clamp((diagonal - 0.10) / blur + 0.5, 0.0, 1.0);
    colour = mix(colour, vec3(0.36, 0.42, 0.50) * v_plaster.a, hatch * 0.62 * clamp(1.4 - blur, 0.15, 1.0));
  }
  if ((v_flags & IS_TOP) != 0) {
    float rim = clamp((v_at.y - v_size.y + max(0.22, pixel.y * 0.8)) * w.y + 0.5, 0.0, 1.0);
    colour = mix(colour, vec3(0.20, 0.40, 0.58), rim * 0.75);
  }
  if ((v_flags & TINTED) != 0) colour *= 1.0 - 0.74 * inkOf((v_flags >> PATTERN_SHIFT) & 7, pixel);
  colour = mix(u_body * v_plaster.a, colour, u_arrival);
  if ((v_flags & DIMMED) != 0) colour = mix(vec3(dot(colour, vec3(0.3, 0.5, 0.2))), colour, 0.35) * 0.42;
  int marks = v_flags & (ALARM | SELECTED | HOVERED);
  if (marks == 0) {
    o_colour = vec4(mix(colour, u_fog, v_far.y), 1.0);
    return;
  }

  float edge = min(min(v_at.x, v_size.x - v_at.x), min(v_at.y, v_size.y - v_at.y));
  float edgePixel = max(pixel.x, pixel.y);
  if ((marks & ALARM) != 0) {
    int severity = (v_flags >> 3) & 3;
    float rate = severity == 0 ? 7.6 : severity == 1 ? 5.0 : severity == 2 ? 3.2 : 1.6;
    float pulse = mix(0.5 + 0.5 * sin(u_time * rate), 0.85, u_calm);
    vec3 fire = u_severity[severity];
    float solid = mix(1.0, max(glassPart, 0.42), fine);
    colour = mix(colour * 0.55, fire * (0.62 + 0.62 * pulse), solid * (0.60 + 0.40 * pulse));
    float ring = clamp((max(0.16, edgePixel * 1.5) - edge) / edgePixel + 0.5, 0.0, 1.0);
    colour = mix(colour, mix(fire, vec3(1.0), 0.45 * pulse), ring);
  }
  if ((marks & HOVERED) != 0) {
    float ring = clamp((max(0.10, edgePixel) - edge) / edgePixel + 0.5, 0.0, 1.0);
    colour = mix(colour + u_selected * 0.10, u_selected, ring * 0.7);
  }
  if ((marks & SELECTED) != 0) {
    float ring = clamp((max(0.18, edgePixel * 2.0) - edge) / edgePixel + 0.5, 0.0, 1.0);
    if ((marks & ALARM) == 0) colour = mix(colour, u_selected * (0.30 + 0.55 * glassPart), 0.55);
    colour = mix(colour, u_selected, ring);
  }
  o_colour = vec4(colour, 1.0);
}`
