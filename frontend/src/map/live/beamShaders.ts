/** Shaders of the alarm beams: a ring on the ground, a shaft of light, and a sign on top. Units: metres. */

const COMMON = `#version 300 es
precision highp float;
precision highp int;
layout(location=0) in vec4 a_place;   // x y z (metres), length of the beam
layout(location=1) in vec4 a_look;    // severity 0..3, phase 0..1, picked 0/1, unused
uniform mat4 u_matrix;
uniform vec2 u_pixel;                 // device units of one CSS pixel
flat out int v_severity;
flat out float v_phase;
flat out float v_picked;
out vec2 v_at;
vec2 corner() { return vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)); }
void hand() { v_severity = int(a_look.x + 0.5); v_phase = a_look.y; v_picked = a_look.z; }`

export const SHAFT_VERTEX = `${COMMON}
void main() {
  hand();
  vec2 c = corner();
  vec4 foot = u_matrix * vec4(a_place.xyz, 1.0);
  vec4 head = u_matrix * vec4(a_place.xy, a_place.z + a_place.w, 1.0);
  vec2 axis = head.xy / head.w - foot.xy / foot.w;
  vec2 across = normalize(vec2(-axis.y / u_pixel.y, axis.x / u_pixel.x) + vec2(1e-6, 0.0)) * u_pixel;
  vec4 at = mix(foot, head, c.y);
  at.xy += across * (c.x * 2.0 - 1.0) * mix(13.0, 5.0, c.y) * at.w;
  v_at = vec2(c.x * 2.0 - 1.0, c.y);
  gl_Position = at;
}`

export const SHAFT_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
in vec2 v_at;
flat in int v_severity;
flat in float v_phase;
flat in float v_picked;
uniform vec3 u_severity[4];
uniform float u_time;
uniform float u_calm;
uniform float u_strength;
out vec4 o_colour;
void main() {
  float core = exp(-v_at.x * v_at.x * 46.0);
  float halo = exp(-v_at.x * v_at.x * 4.5);
  float run = mix(0.5 + 0.5 * sin((v_at.y * 2.2 - u_time * 0.55 + v_phase) * 6.2832), 0.5, u_calm);
  float fade = 0.25 + 0.75 * (1.0 - v_at.y);
  vec3 tone = u_severity[v_severity];
  vec3 light = mix(tone, vec3(1.0), core * 0.45) * (core * (0.55 + 0.30 * run) + halo * (0.22 + 0.12 * run));
  o_colour = vec4(light * fade * u_strength * (1.0 + 0.5 * v_picked), 0.0);
}`

export const RING_VERTEX = `${COMMON}
void main() {
  hand();
  vec2 c = corner() * 2.0 - 1.0;
  v_at = c;
  gl_Position = u_matrix * vec4(a_place.xy + c * 30.0, 0.35, 1.0);
}`

export const RING_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
in vec2 v_at;
flat in int v_severity;
flat in float v_phase;
flat in float v_picked;
uniform vec3 u_severity[4];
uniform float u_time;
uniform float u_calm;
uniform float u_strength;
out vec4 o_colour;
void main() {
  float r = length(v_at);
  if (r > 1.0) discard;
  float travel = mix(fract(u_time * 0.42 + v_phase), 0.55, u_calm);
  float w = max(fwidth(r) * 1.2, 0.012);
  float wave = exp(-pow((r - travel) / 0.10, 2.0)) * (1.0 - travel);
  float second = exp(-pow((r - fract(travel + 0.5)) / 0.10, 2.0)) * (1.0 - fract(travel + 0.5));
  float rim = 1.0 - smoothstep(0.0, w * 2.0, abs(r - 0.34));
  float light = (wave + second) * 0.75 + rim * 0.7 + exp(-r * 5.0) * 0.6;
  o_colour = vec4(u_severity[v_severity] * light * 0.75 * u_strength, 0.0);
}`

export const SIGN_VERTEX = `${COMMON}
uniform float u_size;
void main() {
  hand();
  vec2 c = corner() * 2.0 - 1.0;
  vec4 at = u_matrix * vec4(a_place.xy, a_place.z + a_place.w, 1.0);
  at.xy += (c * u_size * (1.0 + 0.25 * v_picked) + vec2(0.0, u_size * 0.9)) * u_pixel * at.w;
  v_at = vec2(c.x * 0.5 + 0.5, 0.5 - c.y * 0.5);
  gl_Position = at;
}`

export const SIGN_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
in vec2 v_at;
flat in int v_severity;
flat in float v_phase;
flat in float v_picked;
uniform sampler2D u_signs;
out vec4 o_colour;
void main() {
  o_colour = texture(u_signs, vec2((v_at.x + float(v_severity)) * 0.25, v_at.y));
}`
