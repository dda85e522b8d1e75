/** Shaders of the facade. Units are metres; the flag bits are those of `layers/dwellingStates.ts`. */

export const VERTEX_SHADER = `#version 300 es
precision highp float;
precision highp int;
layout(location=0) in vec4 a_wall;      // x0 y0 x1 y1
layout(location=1) in vec2 a_span;      // base top
layout(location=2) in vec4 a_mitre;     // push of both ends, fractions of 4
layout(location=3) in uvec3 a_ids;      // dwelling index, dwelling seed, building word
uniform mat4 u_matrix;
uniform sampler2D u_state;
uniform float u_push;
uniform vec3 u_eye;
uniform vec3 u_light;
out vec2 v_at;          // metres along the wall, metres above the dwelling's floor
out float v_height;     // metres above ground
out float v_distance;
out float v_glance;     // how squarely the eye looks at the wall
flat out vec2 v_size;   // length and height of the wall
flat out vec4 v_tint;
flat out uvec2 v_seeds;
flat out int v_flags;
flat out float v_shade;
void main() {
  float along = float(gl_VertexID & 1);
  float up = float(gl_VertexID >> 1);
  vec2 place = mix(a_wall.xy, a_wall.zw, along) + u_push * 4.0 * mix(a_mitre.xy, a_mitre.zw, along);
  vec3 at = vec3(place, mix(a_span.x, a_span.y, up));
  gl_Position = u_matrix * vec4(at, 1.0);
  vec2 edge = a_wall.zw - a_wall.xy;
  float len = max(length(edge), 0.01);
  vec2 normal = vec2(edge.y, -edge.x) / len;
  ivec2 cell = ivec2(int(a_ids.x) & 255, int(a_ids.x) >> 8);
  vec4 state = texelFetch(u_state, cell, 0);
  v_tint = vec4(state.rgb, 1.0);
  v_flags = int(state.a * 255.0 + 0.5) | (int(a_ids.z >> 16) << 8);
  v_seeds = uvec2(a_ids.y, a_ids.z & 0xffffu);
  v_size = vec2(len, a_span.y - a_span.x);
  v_at = vec2(along * len, up * v_size.y);
  v_height = at.z;
  vec3 toEye = u_eye - at;
  v_distance = length(toEye);
  v_glance = abs(dot(normalize(toEye.xy), normal));
  v_shade = 0.70 + 0.30 * dot(normal, u_light.xy);
}`

export const FRAGMENT_SHADER = `#version 300 es
precision highp float;
precision highp int;
in vec2 v_at;
in float v_height;
in float v_distance;
in float v_glance;
flat in vec2 v_size;
flat in vec4 v_tint;
flat in uvec2 v_seeds;
flat in int v_flags;
flat in float v_shade;
uniform float u_time;        // seconds
uniform float u_calm;        // 1: no movement wanted
uniform float u_arrival;     // 0 .. 1 while a tile appears
uniform vec3 u_body;         // colour of the plain building behind
uniform vec3 u_fog;
uniform vec2 u_fogRange;
uniform vec3 u_severity[4];
uniform vec3 u_selected;
out vec4 o_colour;

const int SELECTED = 1, HOVERED = 2, ALARM = 4, DIMMED = 32, ESTIMATED = 64, TINTED = 128;
const int IS_TOP = 256, IS_FOOT = 512;

float mixed(uint n) {
  n ^= n >> 16u; n *= 0x21f0aaadu; n ^= n >> 15u; n *= 0x735a2d97u; n ^= n >> 15u;
  return float(n >> 8u) / 16777216.0;
}
// Coverage of [low, high] by a pixel of width w at x: antialiased by hand, as the map draws without samples.
float band(float x, float low, float high, float w) {
  return clamp((x - low) / w + 0.5, 0.0, 1.0) * clamp((high - x) / w + 0.5, 0.0, 1.0);
}
vec3 lamp(float pick) {
  if (pick < 0.50) return vec3(1.00, 0.74, 0.40);
  if (pick < 0.80) return vec3(1.00, 0.86, 0.64);
  if (pick < 0.94) return vec3(0.80, 0.90, 1.00);
  return vec3(0.46, 0.70, 1.00);
}
void main() {
  vec2 pixel = max(fwidth(v_at), vec2(1e-4));
  float house = float(v_seeds.y) / 65536.0;
  float kind = fract(house * 7.31);
  bool estimated = (v_flags & ESTIMATED) != 0;
  bool alarm = (v_flags & ALARM) != 0;

  // Plaster: a few hues per building, darker near the ground and under each floor slab.
  vec3 plaster = mix(vec3(0.098, 0.158, 0.246), vec3(0.150, 0.178, 0.238), house);
  plaster = mix(plaster, vec3(0.118, 0.188, 0.228), step(0.72, kind));
  plaster *= v_shade * (0.86 + 0.34 * clamp(v_height / 70.0, 0.0, 1.0));
  plaster *= 1.0 - 0.38 * exp(-v_height * 0.40);
  if (estimated) plaster = mix(plaster, vec3(0.17, 0.19, 0.23) * v_shade, 0.7);

  // Bays of about the width of a room; a storey each when a dwelling is taller than one.
  float storeys = max(1.0, floor(v_size.y / 2.6 + 0.15));
  float storeyHeight = v_size.y / storeys;
  float storey = floor(min(v_at.y / storeyHeight, storeys - 0.001));
  float y = v_at.y - storey * storeyHeight;
  float bays = max(1.0, floor(v_size.x / (2.7 + kind * 1.1) + 0.35));
  float bayWidth = v_size.x / bays;
  float bay = floor(min(v_at.x / bayWidth, bays - 0.001));
  float x = v_at.x - bay * bayWidth;
  uint cell = v_seeds.x + uint(bay) * 0x9e3779b9u + uint(storey) * 0x85ebca6bu;
  float luck = mixed(cell);

  float half_ = bayWidth * (0.30 + 0.10 * kind);
  bool balcony = luck > 0.72 && bayWidth > 2.4 && kind > 0.3;
  float low = balcony ? 0.16 : 0.82;
  float high = min(storeyHeight - 0.34, low + (balcony ? 2.3 : 1.55));
  float narrow = step(1.5, v_size.x);
  float c = bayWidth * 0.5;
  float opening = band(x, c - half_, c + half_, pixel.x) * band(y, low, high, pixel.y) * narrow;
  float inner = band(x, c - half_ + 0.07, c + half_ - 0.07, pixel.x) * band(y, low + 0.07, high - 0.07, pixel.y) * narrow;
  float bars = 1.0 - band(x, c - 0.035, c + 0.035, pixel.x);
  if (bayWidth > 3.2) bars *= 1.0 - band(abs(x - c), half_ * 0.5 - 0.03, half_ * 0.5 + 0.03, pixel.x);
  float glassPart = inner * bars;

  // Light inside: a home is awake or not, and then not every room.
  float awake = mixed(v_seeds.x * 3u + 11u);
  float on = step(0.30, awake) * step(mixed(cell + 77u), 0.62);
  vec3 light = lamp(mixed(cell + 5u)) * (0.55 + 0.45 * mixed(cell + 9u));
  float deep = clamp((y - low) / max(high - low, 0.1), 0.0, 1.0);
  light *= 0.72 + 0.40 * deep;
  float curtain = step(0.55, mixed(cell + 21u));
  light *= mix(1.0, 0.60 + 0.25 * smoothstep(0.1, 0.2, abs((x - c) / half_)), curtain);
  vec3 pane = mix(vec3(0.050, 0.095, 0.165), vec3(0.085, 0.165, 0.270), deep) * (0.7 + 0.6 * (1.0 - v_glance));
  if (estimated) on = 0.0;
  vec3 glow = v_tint.rgb;
  if ((v_flags & TINTED) != 0) { on = 1.0; light = glow * (0.75 + 0.35 * deep); }
  vec3 glass = mix(pane, light, on);

  float frame = opening - inner;
  vec3 near = plaster;
  near = mix(near, plaster * 0.42, opening);
  near = mix(near, plaster * 1.55 + 0.02, max(frame, 0.0) * 0.8);
  near = mix(near, glass, glassPart);
  // Window sill, balcony rail and slab edge give the wall its relief.
  float sill = band(x, c - half_ - 0.10, c + half_ + 0.10, pixel.x) * band(y, low - 0.12, low, pixel.y) * narrow;
  near = mix(near, plaster * 1.75 + 0.015, sill * 0.9);
  if (balcony) near = mix(near, plaster * 1.5, band(x, c - half_ - 0.12, c + half_ + 0.12, pixel.x) * band(y, 0.95, 1.07, pixel.y));
  float slab = band(y, -0.2, 0.10, pixel.y);
  near = mix(near, plaster * 1.35 + 0.012, slab * 0.75);
  near *= 1.0 - 0.30 * band(y, storeyHeight - 0.30, storeyHeight + 0.3, max(pixel.y, 0.12));

  // Far away one storey is a pixel or two: the mean colour of the wall, so that nothing flickers.
  float share = (2.0 * half_ / bayWidth) * (high - low) / storeyHeight * 0.86 * narrow;
  vec3 mean = mix(plaster, glass, share);
  float fine = clamp(1.55 - max(pixel.x * 0.85, pixel.y * 1.35), 0.0, 1.0);
  vec3 colour = mix(mean, near, fine);

  if (estimated) {
    float diagonal = abs(fract((v_at.x + v_height) / 1.4) - 0.5) * 1.4;
    float w = (pixel.x + pixel.y) * 0.7;
    float hatch = 1.0 - clamp((diagonal - 0.10) / w + 0.5, 0.0, 1.0);
    colour = mix(colour, vec3(0.36, 0.42, 0.50) * v_shade, hatch * 0.62 * clamp(1.4 - w, 0.15, 1.0));
  }
  if ((v_flags & IS_TOP) != 0) {
    float rim = band(v_at.y, v_size.y - max(0.28, pixel.y * 0.8), v_size.y + 1.0, pixel.y);
    colour = mix(colour, vec3(0.23, 0.46, 0.66), rim * 0.75);
  }
  colour = mix(colour, u_body * v_shade, (1.0 - u_arrival));

  float edge = min(min(v_at.x, v_size.x - v_at.x), min(v_at.y, v_size.y - v_at.y));
  float edgePixel = max(pixel.x, pixel.y);
  if ((v_flags & DIMMED) != 0) colour = mix(vec3(dot(colour, vec3(0.3, 0.5, 0.2))), colour, 0.35) * 0.42;
  if (alarm) {
    int severity = (v_flags >> 3) & 3;
    float rate = severity == 0 ? 7.6 : severity == 1 ? 5.0 : severity == 2 ? 3.2 : 1.6;
    float pulse = mix(0.5 + 0.5 * sin(u_time * rate), 0.85, u_calm);
    vec3 fire = u_severity[severity];
    float solid = mix(1.0, max(glassPart, 0.42), fine);
    colour = mix(colour * 0.55, fire * (0.62 + 0.62 * pulse), solid * (0.60 + 0.40 * pulse));
    float ring = 1.0 - clamp((edge - max(0.16, edgePixel * 1.5)) / edgePixel + 0.5, 0.0, 1.0);
    colour = mix(colour, mix(fire, vec3(1.0), 0.45 * pulse), ring);
  }
  if ((v_flags & HOVERED) != 0) {
    float ring = 1.0 - clamp((edge - max(0.10, edgePixel)) / edgePixel + 0.5, 0.0, 1.0);
    colour = mix(colour + u_selected * 0.10, u_selected, ring * 0.7);
  }
  if ((v_flags & SELECTED) != 0) {
    float ring = 1.0 - clamp((edge - max(0.18, edgePixel * 2.0)) / edgePixel + 0.5, 0.0, 1.0);
    if (!alarm) colour = mix(colour, u_selected * (0.30 + 0.55 * glassPart), 0.55);
    colour = mix(colour, u_selected, ring);
  }
  if ((v_flags & (ALARM | SELECTED)) == 0) {
    colour = mix(colour, u_fog, 0.72 * smoothstep(u_fogRange.x, u_fogRange.y, v_distance));
  }
  o_colour = vec4(colour, 1.0);
}`
