;; One token through a network, in vectors of four: what is read at each token (weights, keys and values) is read once, in the order it lies in.
;; `tools/kernels/assemble.mjs` turns this into steps.wasm.ts. Addresses and counts are in bytes and elements; addresses are multiples of 16.
;;
;; Weights lie in groups of four outputs: lane o of a vector belongs to output o of its group. A block is 32 inputs. The scale of a block is a half
;; precision number; its bits, moved to where float32 has exponent and fraction, are the scale over 2^112, and the input's scale makes up for that.
;;
;; relaxed_dot multiplies signed bytes by numbers from 0 to 127 and adds two neighbours in 16 bits: exact on every processor, and one instruction. Its
;; form that goes on to add four in 32 bits takes V8 six where the processor has no AVX-VNNI.
(module
  (memory (import "host" "memory") 1 65536 shared)

  ;; Masks are worked out from what lies at an address: V8 puts a constant together anew wherever it is used, in the innermost loop too.
  (func $ones (param $at i32) (result v128)
    (local $any v128)
    (local.set $any (v128.load (local.get $at)))
    (i8x16.eq (local.get $any) (local.get $any)))

  ;; Sign, and fifteen bits of exponent and fraction: 0x8fffe000.
  (func $halfMask (param $at i32) (result v128)
    (local $ones v128)
    (local.set $ones (call $ones (local.get $at)))
    (v128.or
      (i32x4.shl (local.get $ones) (i32.const 31))
      (v128.and (i32x4.shr_u (local.get $ones) (i32.const 4)) (i32x4.shl (local.get $ones) (i32.const 13)))))

  (func $sum (param $four v128) (result f32)
    (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $four)) (f32x4.extract_lane 1 (local.get $four)))
      (f32.add (f32x4.extract_lane 2 (local.get $four)) (f32x4.extract_lane 3 (local.get $four)))))

  (func $highest (param $four v128) (result f32)
    (f32.max
      (f32.max (f32x4.extract_lane 0 (local.get $four)) (f32x4.extract_lane 1 (local.get $four)))
      (f32.max (f32x4.extract_lane 2 (local.get $four)) (f32x4.extract_lane 3 (local.get $four)))))

  (func $largest (param $x i32) (param $count i32) (result f32)
    (local $end i32) (local $most v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 2))))
    (loop $next
      (local.set $most (f32x4.max (local.get $most) (f32x4.abs (v128.load (local.get $x)))))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end))))
    (call $highest (local.get $most)))

  ;; Inputs in 14 bits, for weights of 8: 8192 + the nearest multiple of a scale, as seven high and seven low bits, a block's 32 high ones first.
  ;; Before them, in 16 bytes, what makes sums of products into sums: times scale * 2^112, less 8192 * scale times the sum of the output's weights.
  (func (export "inputsFor8") (param $x i32) (param $count i32) (param $into i32)
    (local $end i32) (local $scale f32) (local $inverse v128) (local $half i32)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $scale (f32.div (call $largest (local.get $x) (local.get $count)) (f32.const 8191)))
    (f32.store (local.get $into) (f32.mul (local.get $scale) (f32.const 0x1p112)))
    (f32.store offset=4 (local.get $into) (f32.mul (local.get $scale) (f32.const -8192)))
    (local.set $inverse (f32x4.splat (select (f32.div (f32.const 1) (local.get $scale)) (f32.const 0) (f32.gt (local.get $scale) (f32.const 0x1p-120)))))
    (local.set $into (i32.add (local.get $into) (i32.const 16)))
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 2))))
    (loop $next
      (local.set $a (call $fourteen (v128.load offset=0 (local.get $x)) (local.get $inverse)))
      (local.set $b (call $fourteen (v128.load offset=16 (local.get $x)) (local.get $inverse)))
      (local.set $c (call $fourteen (v128.load offset=32 (local.get $x)) (local.get $inverse)))
      (local.set $d (call $fourteen (v128.load offset=48 (local.get $x)) (local.get $inverse)))
      (v128.store (local.get $into)
        (i8x16.narrow_i16x8_u
          (i16x8.shr_u (i16x8.narrow_i32x4_u (local.get $a) (local.get $b)) (i32.const 7))
          (i16x8.shr_u (i16x8.narrow_i32x4_u (local.get $c) (local.get $d)) (i32.const 7))))
      (v128.store offset=32 (local.get $into)
        (i8x16.narrow_i16x8_u
          (v128.and (i16x8.narrow_i32x4_u (local.get $a) (local.get $b)) (v128.const i16x8 127 127 127 127 127 127 127 127))
          (v128.and (i16x8.narrow_i32x4_u (local.get $c) (local.get $d)) (v128.const i16x8 127 127 127 127 127 127 127 127))))
      ;; The second half of a block lies 16 bytes on, the next block 64.
      (local.set $into (i32.add (local.get $into) (select (i32.const 48) (i32.const 16) (local.get $half))))
      (local.set $half (i32.xor (local.get $half) (i32.const 1)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 64))) (local.get $end)))))

  (func $fourteen (param $x v128) (param $inverse v128) (result v128)
    (i32x4.add
      (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (local.get $x) (local.get $inverse))))
      (v128.const i32x4 8192 8192 8192 8192)))

  ;; Inputs in 8 bits, for weights of 4: a block's 32 numbers, its scale * 2^112, -8 times the numbers' sum (an integer), and scale * 2^112 * sum.
  (func (export "inputsFor4") (param $x i32) (param $count i32) (param $into i32)
    (local $end i32) (local $scale f32) (local $inverse v128) (local $first v128) (local $second v128) (local $total i32)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 2))))
    (loop $next
      (local.set $scale (f32.div (call $largest (local.get $x) (i32.const 32)) (f32.const 127)))
      (local.set $inverse (f32x4.splat (select (f32.div (f32.const 1) (local.get $scale)) (f32.const 0) (f32.gt (local.get $scale) (f32.const 0x1p-120)))))
      (local.set $first (call $eight (local.get $x) (local.get $inverse)))
      (local.set $second (call $eight (i32.add (local.get $x) (i32.const 64)) (local.get $inverse)))
      (v128.store (local.get $into) (local.get $first))
      (v128.store offset=16 (local.get $into) (local.get $second))
      (local.set $total (call $total
        (i32x4.add
          (i32x4.extadd_pairwise_i16x8_s (i16x8.extadd_pairwise_i8x16_s (local.get $first)))
          (i32x4.extadd_pairwise_i16x8_s (i16x8.extadd_pairwise_i8x16_s (local.get $second))))))
      (local.set $scale (f32.mul (local.get $scale) (f32.const 0x1p112)))
      (f32.store offset=32 (local.get $into) (local.get $scale))
      (i32.store offset=36 (local.get $into) (i32.mul (local.get $total) (i32.const -8)))
      (f32.store offset=40 (local.get $into) (f32.mul (local.get $scale) (f32.convert_i32_s (local.get $total))))
      (local.set $into (i32.add (local.get $into) (i32.const 48)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 128))) (local.get $end)))))

  (func $eight (param $x i32) (param $inverse v128) (result v128)
    (i8x16.narrow_i16x8_s
      (i16x8.narrow_i32x4_s
        (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=0 (local.get $x)) (local.get $inverse))))
        (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=16 (local.get $x)) (local.get $inverse)))))
      (i16x8.narrow_i32x4_s
        (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=32 (local.get $x)) (local.get $inverse))))
        (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.mul (v128.load offset=48 (local.get $x)) (local.get $inverse)))))))

  (func $total (param $four v128) (result i32)
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $four)) (i32x4.extract_lane 1 (local.get $four)))
      (i32.add (i32x4.extract_lane 2 (local.get $four)) (i32x4.extract_lane 3 (local.get $four)))))

  ;; Four outputs at a time. A block of a group: eight vectors of 4 outputs x 4 inputs. `sums`: of the outputs' weights.
  (func $multiply8 (export "multiply8") (param $weights i32) (param $scales i32) (param $sums i32) (param $groups i32) (param $blocks i32) (param $x i32) (param $y i32)
    (local $end i32) (local $in i32) (local $inEnd i32) (local $sum v128) (local $high v128) (local $low v128) (local $w v128) (local $half v128) (local $factor v128) (local $offset v128)
    (local.set $half (call $halfMask (local.get $x)))
    (local.set $factor (v128.load32_splat (local.get $x)))
    (local.set $offset (v128.load32_splat offset=4 (local.get $x)))
    (local.set $x (i32.add (local.get $x) (i32.const 16)))
    (local.set $inEnd (i32.add (local.get $x) (i32.shl (local.get $blocks) (i32.const 6))))
    (local.set $end (i32.add (local.get $y) (i32.shl (local.get $groups) (i32.const 4))))
    (loop $group
      (local.set $sum (v128.const i32x4 0 0 0 0))
      (local.set $in (local.get $x))
      (loop $block
        (local.set $w (v128.load offset=0 (local.get $weights)))
        (local.set $high (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=0 (local.get $in)))))
        (local.set $low (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=32 (local.get $in)))))
        (local.set $w (v128.load offset=16 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=4 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=36 (local.get $in))))))
        (local.set $w (v128.load offset=32 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=8 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=40 (local.get $in))))))
        (local.set $w (v128.load offset=48 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=12 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=44 (local.get $in))))))
        (local.set $w (v128.load offset=64 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=16 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=48 (local.get $in))))))
        (local.set $w (v128.load offset=80 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=20 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=52 (local.get $in))))))
        (local.set $w (v128.load offset=96 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=24 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=56 (local.get $in))))))
        (local.set $w (v128.load offset=112 (local.get $weights)))
        (local.set $high (i32x4.add (local.get $high) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=28 (local.get $in))))))
        (local.set $low (i32x4.add (local.get $low) (i32x4.extadd_pairwise_i16x8_s (i16x8.relaxed_dot_i8x16_i7x16_s (local.get $w) (v128.load32_splat offset=60 (local.get $in))))))
        (local.set $sum (f32x4.relaxed_madd
          (f32x4.convert_i32x4_s (i32x4.add (i32x4.shl (local.get $high) (i32.const 7)) (local.get $low)))
          (v128.and (i32x4.shl (i32x4.extend_low_i16x8_s (v128.load64_zero (local.get $scales))) (i32.const 13)) (local.get $half))
          (local.get $sum)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 128)))
        (local.set $scales (i32.add (local.get $scales) (i32.const 8)))
        (br_if $block (i32.lt_u (local.tee $in (i32.add (local.get $in) (i32.const 64))) (local.get $inEnd))))
      (v128.store (local.get $y)
        (f32x4.relaxed_madd (local.get $sum) (local.get $factor) (f32x4.mul (v128.load (local.get $sums)) (local.get $offset))))
      (local.set $sums (i32.add (local.get $sums) (i32.const 16)))
      (br_if $group (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 16))) (local.get $end)))))

  ;; A block of a group: four vectors of 4 outputs x 4 bytes, whose low halves are inputs 0 to 15 and whose high halves are inputs 16 to 31.
  ;; Sixteen products of at most 127 * 15 are added in 16 bits: 30,480.
  ;; Weights are (number - 8) * scale.
  (func $multiply4 (export "multiply4") (param $weights i32) (param $scales i32) (param $groups i32) (param $blocks i32) (param $x i32) (param $y i32)
    (local $end i32) (local $in i32) (local $inEnd i32) (local $sum v128) (local $low v128) (local $high v128) (local $w v128) (local $half v128) (local $nibble v128)
    (local.set $half (call $halfMask (local.get $x)))
    (local.set $nibble (i8x16.shr_u (call $ones (local.get $x)) (i32.const 4)))
    (local.set $inEnd (i32.add (local.get $x) (i32.mul (local.get $blocks) (i32.const 48))))
    (local.set $end (i32.add (local.get $y) (i32.shl (local.get $groups) (i32.const 4))))
    (loop $group
      (local.set $sum (v128.const i32x4 0 0 0 0))
      (local.set $in (local.get $x))
      (loop $block
        (local.set $w (v128.load offset=0 (local.get $weights)))
        (local.set $low (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=0 (local.get $in)) (v128.and (local.get $w) (local.get $nibble))))
        (local.set $high (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=16 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble))))
        (local.set $w (v128.load offset=16 (local.get $weights)))
        (local.set $low (i16x8.add (local.get $low) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=4 (local.get $in)) (v128.and (local.get $w) (local.get $nibble)))))
        (local.set $high (i16x8.add (local.get $high) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=20 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble)))))
        (local.set $w (v128.load offset=32 (local.get $weights)))
        (local.set $low (i16x8.add (local.get $low) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=8 (local.get $in)) (v128.and (local.get $w) (local.get $nibble)))))
        (local.set $high (i16x8.add (local.get $high) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=24 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble)))))
        (local.set $w (v128.load offset=48 (local.get $weights)))
        (local.set $low (i16x8.add (local.get $low) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=12 (local.get $in)) (v128.and (local.get $w) (local.get $nibble)))))
        (local.set $high (i16x8.add (local.get $high) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=28 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble)))))
        (local.set $sum (f32x4.relaxed_madd
          (f32x4.convert_i32x4_s (i32x4.add (i32x4.extadd_pairwise_i16x8_s (i16x8.add (local.get $low) (local.get $high))) (v128.load32_splat offset=36 (local.get $in))))
          (f32x4.mul
            (v128.and (i32x4.shl (i32x4.extend_low_i16x8_s (v128.load64_zero offset=0 (local.get $scales))) (i32.const 13)) (local.get $half))
            (v128.load32_splat offset=32 (local.get $in)))
          (local.get $sum)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
        (local.set $scales (i32.add (local.get $scales) (i32.const 8)))
        (br_if $block (i32.lt_u (local.tee $in (i32.add (local.get $in) (i32.const 48))) (local.get $inEnd))))
      (v128.store (local.get $y) (local.get $sum))
      (br_if $group (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 16))) (local.get $end)))))

  ;; Weights are number * scale + minimum: after a block's four scales come its four minima.
  (func $multiply4WithMinima (export "multiply4WithMinima") (param $weights i32) (param $scales i32) (param $groups i32) (param $blocks i32) (param $x i32) (param $y i32)
    (local $end i32) (local $in i32) (local $inEnd i32) (local $sum v128) (local $low v128) (local $high v128) (local $w v128) (local $half v128) (local $nibble v128)
    (local.set $half (call $halfMask (local.get $x)))
    (local.set $nibble (i8x16.shr_u (call $ones (local.get $x)) (i32.const 4)))
    (local.set $inEnd (i32.add (local.get $x) (i32.mul (local.get $blocks) (i32.const 48))))
    (local.set $end (i32.add (local.get $y) (i32.shl (local.get $groups) (i32.const 4))))
    (loop $group
      (local.set $sum (v128.const i32x4 0 0 0 0))
      (local.set $in (local.get $x))
      (loop $block
        (local.set $w (v128.load offset=0 (local.get $weights)))
        (local.set $low (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=0 (local.get $in)) (v128.and (local.get $w) (local.get $nibble))))
        (local.set $high (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=16 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble))))
        (local.set $w (v128.load offset=16 (local.get $weights)))
        (local.set $low (i16x8.add (local.get $low) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=4 (local.get $in)) (v128.and (local.get $w) (local.get $nibble)))))
        (local.set $high (i16x8.add (local.get $high) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=20 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble)))))
        (local.set $w (v128.load offset=32 (local.get $weights)))
        (local.set $low (i16x8.add (local.get $low) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=8 (local.get $in)) (v128.and (local.get $w) (local.get $nibble)))))
        (local.set $high (i16x8.add (local.get $high) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=24 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble)))))
        (local.set $w (v128.load offset=48 (local.get $weights)))
        (local.set $low (i16x8.add (local.get $low) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=12 (local.get $in)) (v128.and (local.get $w) (local.get $nibble)))))
        (local.set $high (i16x8.add (local.get $high) (i16x8.relaxed_dot_i8x16_i7x16_s (v128.load32_splat offset=28 (local.get $in)) (v128.and (i16x8.shr_u (local.get $w) (i32.const 4)) (local.get $nibble)))))
        (local.set $sum (f32x4.relaxed_madd
          (v128.and (i32x4.shl (i32x4.extend_low_i16x8_s (v128.load64_zero offset=8 (local.get $scales))) (i32.const 13)) (local.get $half))
          (v128.load32_splat offset=40 (local.get $in))
          (local.get $sum)))
        (local.set $sum (f32x4.relaxed_madd
          (f32x4.convert_i32x4_s (i32x4.extadd_pairwise_i16x8_s (i16x8.add (local.get $low) (local.get $high))))
          (f32x4.mul
            (v128.and (i32x4.shl (i32x4.extend_low_i16x8_s (v128.load64_zero offset=0 (local.get $scales))) (i32.const 13)) (local.get $half))
            (v128.load32_splat offset=32 (local.get $in)))
          (local.get $sum)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 64)))
        (local.set $scales (i32.add (local.get $scales) (i32.const 16)))
        (br_if $block (i32.lt_u (local.tee $in (i32.add (local.get $in) (i32.const 48))) (local.get $inEnd))))
      (v128.store (local.get $y) (local.get $sum))
      (br_if $group (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 16))) (local.get $end)))))

  ;; What one head takes over: softmax(q . keys * scale) . values. keys, values [count, size]; size is a multiple of 32. `scores`: room for count + 3.
  (func $attend (export "attend") (param $q i32) (param $keys i32) (param $values i32) (param $count i32) (param $size i32) (param $scale f32) (param $scores i32) (param $z i32)
    (local $at i32) (local $end i32) (local $i i32) (local $row i32) (local $k i32) (local $x v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $e v128) (local $f v128) (local $g v128) (local $h v128)
    (local $top f32) (local $inverse v128) (local $zEnd i32)
    (local.set $row (i32.shl (local.get $size) (i32.const 2)))
    (local.set $end (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    ;; Four keys at a time; the last three may lie past the end, where the cache has room or the next array begins, and do not count.
    (local.set $at (local.get $scores))
    (local.set $k (local.get $keys))
    (loop $four
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (local.set $i (i32.const 0))
      (loop $part
        (local.set $x (v128.load (i32.add (local.get $q) (local.get $i))))
        (local.set $a (f32x4.relaxed_madd (local.get $x) (v128.load (i32.add (local.get $k) (local.get $i))) (local.get $a)))
        (local.set $b (f32x4.relaxed_madd (local.get $x) (v128.load (i32.add (i32.add (local.get $k) (local.get $row)) (local.get $i))) (local.get $b)))
        (local.set $c (f32x4.relaxed_madd (local.get $x) (v128.load (i32.add (i32.add (local.get $k) (i32.shl (local.get $row) (i32.const 1))) (local.get $i))) (local.get $c)))
        (local.set $d (f32x4.relaxed_madd (local.get $x) (v128.load (i32.add (i32.add (local.get $k) (i32.mul (local.get $row) (i32.const 3))) (local.get $i))) (local.get $d)))
        (br_if $part (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 16))) (local.get $row))))
      ;; The sums of a, b, c and d side by side.
      (local.set $e (f32x4.add (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $a) (local.get $b)) (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $a) (local.get $b))))
      (local.set $f (f32x4.add (i8x16.shuffle 0 1 2 3 16 17 18 19 8 9 10 11 24 25 26 27 (local.get $c) (local.get $d)) (i8x16.shuffle 4 5 6 7 20 21 22 23 12 13 14 15 28 29 30 31 (local.get $c) (local.get $d))))
      (v128.store (local.get $at)
        (f32x4.mul
          (f32x4.add
            (i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23 (local.get $e) (local.get $f))
            (i8x16.shuffle 8 9 10 11 12 13 14 15 24 25 26 27 28 29 30 31 (local.get $e) (local.get $f)))
          (f32x4.splat (local.get $scale))))
      (local.set $k (i32.add (local.get $k) (i32.shl (local.get $row) (i32.const 2))))
      (br_if $four (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (f32.store offset=0 (local.get $end) (f32.const -inf))
    (f32.store offset=4 (local.get $end) (f32.const -inf))
    (f32.store offset=8 (local.get $end) (f32.const -inf))

    (local.set $a (f32x4.splat (f32.const -inf)))
    (local.set $at (local.get $scores))
    (loop $next
      (local.set $a (f32x4.pmax (local.get $a) (v128.load (local.get $at))))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.set $top (call $highest (local.get $a)))
    (local.set $a (v128.const i32x4 0 0 0 0))
    (local.set $at (local.get $scores))
    (loop $next
      (local.set $x (call $exp (f32x4.sub (v128.load (local.get $at)) (f32x4.splat (local.get $top)))))
      (v128.store (local.get $at) (local.get $x))
      (local.set $a (f32x4.add (local.get $a) (local.get $x)))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.set $inverse (f32x4.splat (f32.div (f32.const 1) (call $sum (local.get $a)))))

    ;; 32 numbers of the values at a time.
    (local.set $zEnd (i32.add (local.get $z) (local.get $row)))
    (loop $part
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (v128.const i32x4 0 0 0 0))
      (local.set $c (v128.const i32x4 0 0 0 0))
      (local.set $d (v128.const i32x4 0 0 0 0))
      (local.set $e (v128.const i32x4 0 0 0 0))
      (local.set $f (v128.const i32x4 0 0 0 0))
      (local.set $g (v128.const i32x4 0 0 0 0))
      (local.set $h (v128.const i32x4 0 0 0 0))
      (local.set $at (local.get $scores))
      (local.set $k (local.get $values))
      (loop $value
        (local.set $x (v128.load32_splat (local.get $at)))
        (local.set $a (f32x4.relaxed_madd (local.get $x) (v128.load offset=0 (local.get $k)) (local.get $a)))
        (local.set $b (f32x4.relaxed_madd (local.get $x) (v128.load offset=16 (local.get $k)) (local.get $b)))
        (local.set $c (f32x4.relaxed_madd (local.get $x) (v128.load offset=32 (local.get $k)) (local.get $c)))
        (local.set $d (f32x4.relaxed_madd (local.get $x) (v128.load offset=48 (local.get $k)) (local.get $d)))
        (local.set $e (f32x4.relaxed_madd (local.get $x) (v128.load offset=64 (local.get $k)) (local.get $e)))
        (local.set $f (f32x4.relaxed_madd (local.get $x) (v128.load offset=80 (local.get $k)) (local.get $f)))
        (local.set $g (f32x4.relaxed_madd (local.get $x) (v128.load offset=96 (local.get $k)) (local.get $g)))
        (local.set $h (f32x4.relaxed_madd (local.get $x) (v128.load offset=112 (local.get $k)) (local.get $h)))
        (local.set $k (i32.add (local.get $k) (local.get $row)))
        (br_if $value (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 4))) (local.get $end))))
      (v128.store offset=0 (local.get $z) (f32x4.mul (local.get $a) (local.get $inverse)))
      (v128.store offset=16 (local.get $z) (f32x4.mul (local.get $b) (local.get $inverse)))
      (v128.store offset=32 (local.get $z) (f32x4.mul (local.get $c) (local.get $inverse)))
      (v128.store offset=48 (local.get $z) (f32x4.mul (local.get $d) (local.get $inverse)))
      (v128.store offset=64 (local.get $z) (f32x4.mul (local.get $e) (local.get $inverse)))
      (v128.store offset=80 (local.get $z) (f32x4.mul (local.get $f) (local.get $inverse)))
      (v128.store offset=96 (local.get $z) (f32x4.mul (local.get $g) (local.get $inverse)))
      (v128.store offset=112 (local.get $z) (f32x4.mul (local.get $h) (local.get $inverse)))
      (local.set $values (i32.add (local.get $values) (i32.const 128)))
      (br_if $part (i32.lt_u (local.tee $z (i32.add (local.get $z) (i32.const 128))) (local.get $zEnd)))))

  ;; e^x for x from -87 to 87, as 2^n 2^r with |r| <= 1/2, 2^r by its series; below and above, as there.
  (func $exp (param $x v128) (result v128)
    (local $n v128) (local $r v128)
    (local.set $x (f32x4.mul
      (f32x4.pmin (f32x4.splat (f32.const 87)) (f32x4.pmax (f32x4.splat (f32.const -87)) (local.get $x)))
      (f32x4.splat (f32.const 1.4426950408889634))))
    (local.set $n (f32x4.nearest (local.get $x)))
    (local.set $r (f32x4.sub (local.get $x) (local.get $n)))
    (f32x4.mul
      (i32x4.shl (i32x4.add (i32x4.trunc_sat_f32x4_s (local.get $n)) (v128.const i32x4 127 127 127 127)) (i32.const 23))
      (f32x4.relaxed_madd
        (f32x4.relaxed_madd
          (f32x4.relaxed_madd
            (f32x4.relaxed_madd
              (f32x4.relaxed_madd
                (f32x4.relaxed_madd (f32x4.splat (f32.const 1.5403530393381608e-4)) (local.get $r) (f32x4.splat (f32.const 1.3333558146428443e-3)))
                (local.get $r) (f32x4.splat (f32.const 9.618129107628477e-3)))
              (local.get $r) (f32x4.splat (f32.const 5.550410866482158e-2)))
            (local.get $r) (f32x4.splat (f32.const 0.2402265069591007)))
          (local.get $r) (f32x4.splat (f32.const 0.6931471805599453)))
        (local.get $r) (f32x4.splat (f32.const 1)))))

  ;; gate * sigmoid(linear * gate + cubic * gate^3) * up: SiLU with 1 and 0, GELU by tanh with twice its factors.
  (func (export "activate") (param $gate i32) (param $up i32) (param $count i32) (param $linear f32) (param $cubic f32) (param $into i32)
    (local $end i32) (local $x v128)
    (local.set $end (i32.add (local.get $gate) (i32.shl (local.get $count) (i32.const 2))))
    (loop $next
      (local.set $x (v128.load (local.get $gate)))
      (v128.store (local.get $into)
        (f32x4.mul
          (f32x4.div
            (local.get $x)
            (f32x4.add
              (f32x4.splat (f32.const 1))
              (call $exp (f32x4.neg (f32x4.mul (local.get $x)
                (f32x4.relaxed_madd (f32x4.mul (local.get $x) (local.get $x)) (f32x4.splat (local.get $cubic)) (f32x4.splat (local.get $linear))))))))
          (v128.load (local.get $up))))
      (local.set $up (i32.add (local.get $up) (i32.const 16)))
      (local.set $into (i32.add (local.get $into) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $gate (i32.add (local.get $gate) (i32.const 16))) (local.get $end)))))

  ;; x / sqrt(mean(x^2) + epsilon) * weight
  (func (export "norm") (param $x i32) (param $weight i32) (param $count i32) (param $epsilon f32) (param $into i32)
    (local $end i32) (local $at i32) (local $sum v128) (local $factor v128)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 2))))
    (local.set $at (local.get $x))
    (loop $next
      (local.set $factor (v128.load (local.get $at)))
      (local.set $sum (f32x4.relaxed_madd (local.get $factor) (local.get $factor) (local.get $sum)))
      (br_if $next (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.set $factor (f32x4.splat (f32.div (f32.const 1)
      (f32.sqrt (f32.add (f32.div (call $sum (local.get $sum)) (f32.convert_i32_s (local.get $count))) (local.get $epsilon))))))
    (loop $next
      (v128.store (local.get $into) (f32x4.mul (f32x4.mul (v128.load (local.get $x)) (local.get $factor)) (v128.load (local.get $weight))))
      (local.set $weight (i32.add (local.get $weight) (i32.const 16)))
      (local.set $into (i32.add (local.get $into) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end)))))

  ;; x + y, into x
  (func (export "add") (param $x i32) (param $y i32) (param $count i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $x) (i32.shl (local.get $count) (i32.const 2))))
    (loop $next
      (v128.store (local.get $x) (f32x4.add (v128.load (local.get $x)) (v128.load (local.get $y))))
      (local.set $y (i32.add (local.get $y) (i32.const 16)))
      (br_if $next (i32.lt_u (local.tee $x (i32.add (local.get $x) (i32.const 16))) (local.get $end)))))

  ;; Work that threads share. A board, in words: 0 claim, 1 shares done, 2 units, 3 shares, 4 sleepers, 5 whether the team is dismissed; from 16 on the
  ;; job: its kind, and what the kind asks for. A unit is four outputs of a matrix, or a head of attention.
  ;;
  ;; A job's shares are claimed one by one, by whoever is free: a thread that the operating system has put aside holds nobody up. The claim is one word,
  ;; job number * 256 + next share, raised by compare-and-swap. Before a job's fields change, the claim gets another number and no share is left: whoever
  ;; has claimed one reads them as they are, and whoever reads them too early claims none.

  ;; Does shares of the job that the claim was read from, as long as there are some.
  (func $work (export "work") (param $board i32) (param $claim i32)
    (local $seen i32) (local $share i32) (local $units i32) (local $shares i32)
    (local.set $seen (local.get $claim))
    (block $done
      (loop $next
        (br_if $done (i32.ne (i32.shr_u (local.get $seen) (i32.const 8)) (i32.shr_u (local.get $claim) (i32.const 8))))
        (local.set $share (i32.and (local.get $seen) (i32.const 255)))
        (local.set $units (i32.atomic.load offset=8 (local.get $board)))
        (local.set $shares (i32.atomic.load offset=12 (local.get $board)))
        (br_if $done (i32.ge_u (local.get $share) (local.get $shares)))
        (if (i32.eq (i32.atomic.rmw.cmpxchg (local.get $board) (local.get $seen) (i32.add (local.get $seen) (i32.const 1))) (local.get $seen))
          (then
            (call $do
              (i32.add (local.get $board) (i32.const 64))
              (i32.div_u (i32.mul (local.get $units) (local.get $share)) (local.get $shares))
              (i32.div_u (i32.mul (local.get $units) (i32.add (local.get $share) (i32.const 1))) (local.get $shares)))
            (drop (i32.atomic.rmw.add offset=4 (local.get $board) (i32.const 1)))))
        (local.set $seen (i32.atomic.load (local.get $board)))
        (br $next))))

  ;; Waits, awake, until the shares that others have claimed are done.
  (func (export "finish") (param $board i32)
    (loop $again
      (br_if $again (i32.ne (i32.atomic.load offset=4 (local.get $board)) (i32.load offset=12 (local.get $board))))))

  ;; A helper's life: between jobs of one token it waits awake, between tokens it sleeps.
  (func (export "help") (param $board i32) (param $looks i32)
    (local $known i32) (local $claim i32) (local $idle i32)
    (local.set $known (i32.const -1))
    (loop $again
      (local.set $claim (i32.atomic.load (local.get $board)))
      (if (i32.ne (i32.shr_u (local.get $claim) (i32.const 8)) (local.get $known))
        (then
          (call $work (local.get $board) (local.get $claim))
          (local.set $known (i32.shr_u (local.get $claim) (i32.const 8)))
          (local.set $idle (i32.const 0)))
        (else
          (local.set $idle (i32.add (local.get $idle) (i32.const 1)))
          (if (i32.gt_u (local.get $idle) (local.get $looks))
            (then
              (drop (i32.atomic.rmw.add offset=16 (local.get $board) (i32.const 1)))
              (drop (memory.atomic.wait32 (local.get $board) (local.get $claim) (i64.const -1)))
              (drop (i32.atomic.rmw.sub offset=16 (local.get $board) (i32.const 1)))
              (local.set $idle (i32.const 0))))))
      (br_if $again (i32.eqz (i32.atomic.load offset=20 (local.get $board))))))

  ;; The units of a job from `from` to `to`. A matrix's job: kind (0 to 2), weights, scales, sums, blocks, x, y. Attention's (3): q, keys, values, count,
  ;; size, scale, scores, bytes from one head's scores to the next's, z, heads that share keys and values, bytes from those to the next ones.
  (func $do (param $job i32) (param $from i32) (param $to i32)
    (local $kind i32) (local $before i32) (local $scales i32) (local $part i32) (local $own i32)
    (local.set $kind (i32.load (local.get $job)))
    (if (i32.eq (local.get $kind) (i32.const 3))
      (then
        (loop $head
          (if (i32.ge_u (local.get $from) (local.get $to)) (then (return)))
          (local.set $part (i32.mul (i32.div_u (local.get $from) (i32.load offset=40 (local.get $job))) (i32.load offset=44 (local.get $job))))
          (local.set $own (i32.shl (i32.mul (local.get $from) (i32.load offset=20 (local.get $job))) (i32.const 2)))
          (call $attend
            (i32.add (i32.load offset=4 (local.get $job)) (local.get $own))
            (i32.add (i32.load offset=8 (local.get $job)) (local.get $part))
            (i32.add (i32.load offset=12 (local.get $job)) (local.get $part))
            (i32.load offset=16 (local.get $job))
            (i32.load offset=20 (local.get $job))
            (f32.load offset=24 (local.get $job))
            (i32.add (i32.load offset=28 (local.get $job)) (i32.mul (local.get $from) (i32.load offset=32 (local.get $job))))
            (i32.add (i32.load offset=36 (local.get $job)) (local.get $own)))
          (local.set $from (i32.add (local.get $from) (i32.const 1)))
          (br $head))))
    (if (i32.ge_u (local.get $from) (local.get $to)) (then (return)))
    (local.set $before (i32.mul (local.get $from) (i32.load offset=16 (local.get $job))))
    (local.set $scales (i32.add
      (i32.load offset=8 (local.get $job))
      (i32.mul (local.get $before) (select (i32.const 16) (i32.const 8) (i32.eq (local.get $kind) (i32.const 2))))))
    (if (i32.eqz (local.get $kind))
      (then
        (call $multiply8
          (i32.add (i32.load offset=4 (local.get $job)) (i32.shl (local.get $before) (i32.const 7)))
          (local.get $scales)
          (i32.add (i32.load offset=12 (local.get $job)) (i32.shl (local.get $from) (i32.const 4)))
          (i32.sub (local.get $to) (local.get $from))
          (i32.load offset=16 (local.get $job))
          (i32.load offset=20 (local.get $job))
          (i32.add (i32.load offset=24 (local.get $job)) (i32.shl (local.get $from) (i32.const 4))))
        (return)))
    (if (i32.eq (local.get $kind) (i32.const 1))
      (then
        (call $multiply4
          (i32.add (i32.load offset=4 (local.get $job)) (i32.shl (local.get $before) (i32.const 6)))
          (local.get $scales)
          (i32.sub (local.get $to) (local.get $from))
          (i32.load offset=16 (local.get $job))
          (i32.load offset=20 (local.get $job))
          (i32.add (i32.load offset=24 (local.get $job)) (i32.shl (local.get $from) (i32.const 4)))))
      (else
        (call $multiply4WithMinima
          (i32.add (i32.load offset=4 (local.get $job)) (i32.shl (local.get $before) (i32.const 6)))
          (local.get $scales)
          (i32.sub (local.get $to) (local.get $from))
          (i32.load offset=16 (local.get $job))
          (i32.load offset=20 (local.get $job))
          (i32.add (i32.load offset=24 (local.get $job)) (i32.shl (local.get $from) (i32.const 4)))))))
)
