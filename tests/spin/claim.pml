/* A model of the claim in core/src/replay/claim.rs for SPIN, which checks all interleavings. A process may be killed after any
 * step, and entries may expire at any time. The model has one bucket with two slots. Each slot is one word.
 *
 * PROCESSES is the number of processes that claim the same nonce. A claim reads the clock once at its start, and can then be
  * delayed for any time. The request expires at the second EXPIRES, so a claim that starts later is rejected.
 *
 * PLANT selects a bug. With PLANT = 0, the model has no bug.
 */
#ifndef PLANT
#define PLANT 0
#endif
#ifndef PROCESSES
#define PROCESSES 3
#endif

#define EXPIRES 2 /* the second at which the claimed nonce expires */
#define LAST 3    /* the last second of the model */

/* The states of a slot. OTHER is another nonce that was confirmed earlier. It expires at second 1, and its slot can be reused. */
#define FREE 0
#define TENTATIVE 1
#define OUTRANKED 2
#define CONFIRMED 3
#define OTHER 4

byte slot[2];
byte now = 0;       /* the time, which never decreases */
byte forgotten = 0; /* entries that expired up to this second may have been overwritten */
byte passed = 0;

#define expiry(s) ((s) == OTHER -> 1 : EXPIRES)
#define live(s, t) ((s) != FREE && expiry(s) > (t))
#define claims(s) ((s) == TENTATIVE || (s) == CONFIRMED)

/* A process may be killed after any step. */
#define step(code) if :: atomic { code } :: goto dead fi

proctype Claim() {
    byte clock, first, second, place, found, mine, other, seen;

    clock = now;
    if :: clock >= EXPIRES -> goto late :: else fi;

    /* 1: read the slots. */
    step(first = slot[0]);
    step(second = slot[1]);
    if
    :: (claims(first) && live(first, clock)) || (claims(second) && live(second, clock)) -> goto rejected
    :: else
    fi;

    /* 2: write to the lowest free slot. */
    if
    :: !live(first, clock) -> place = 0; found = first
    :: live(first, clock) && !live(second, clock) -> place = 1; found = second
    :: else -> goto rejected /* full */
    fi;
    if
    :: found != FREE -> step(if :: forgotten < expiry(found) -> forgotten = expiry(found) :: else fi)
    :: else
    fi;
#if PLANT == 2
    step(slot[place] = TENTATIVE); /* no compare-and-swap */
#else
    step(if :: slot[place] == found -> slot[place] = TENTATIVE; mine = 1 :: else -> mine = 0 fi);
    if :: mine == 0 -> goto rejected /* the real code repeats the claim, because another process made progress */ :: else fi;
#endif

    /* 3: read the other slot again, and resolve an equal claim there. */
#if PLANT != 3
    other = 1 - place;
    step(seen = slot[other]);
    if
    :: claims(seen) && live(seen, clock) ->
        if
        :: seen == CONFIRMED || other < place -> goto withdraw
        :: else ->
            /* Outrank the other claim. Withdraw if it was confirmed in the meantime. */
#if PLANT == 4
            skip; /* assumes that the other claim withdraws */
#else
            step(if :: slot[other] == TENTATIVE -> slot[other] = OUTRANKED; found = TENTATIVE :: else -> found = slot[other] fi);
            if :: found == CONFIRMED -> goto withdraw :: else fi
#endif
        fi
    :: else
    fi;
#endif

    /* 4: confirm. */
#if PLANT == 5
    step(slot[place] = CONFIRMED; mine = 1);
#else
    step(if :: slot[place] == TENTATIVE -> slot[place] = CONFIRMED; mine = 1 :: else -> mine = 0 fi);
#endif
    if :: mine == 0 -> goto withdraw :: else fi;
#if PLANT != 6
    step(found = forgotten);
    if :: EXPIRES <= found -> goto aged :: else fi;
#endif
    atomic { passed++; assert(passed <= 1) }; /* a request must be accepted at most once */
    goto end;

withdraw:
    /* Only the process that wrote to a slot may free it. */
    step(if :: slot[place] == TENTATIVE || slot[place] == OUTRANKED -> slot[place] = FREE :: else fi);
rejected:
aged:
late:
dead:
    skip;
end:
    skip
}

/* Time advances at any step, or stops. */
proctype Time() {
    do
    :: now < LAST -> now++
    :: break
    od
}

/* Claims another nonce after the first nonce has expired. It may then overwrite the slots of the first nonce. */
proctype Stranger() {
    byte clock, found, at;
    (now >= EXPIRES) -> clock = now;
    at = 0;
    do
    :: at < 2 ->
        found = slot[at];
        if
        :: found != FREE && !live(found, clock) ->
#if PLANT != 1
            atomic { if :: forgotten < expiry(found) -> forgotten = expiry(found) :: else fi };
#endif
            atomic { if :: slot[at] == found -> slot[at] = OTHER :: else fi }
        :: else
        fi;
        at++
    :: else -> break
    od
}

init {
    byte number = 0;
    if :: slot[0] = OTHER :: skip fi;
    atomic {
        do
        :: number < PROCESSES -> run Claim(); number++
        :: else -> break
        od;
        run Time();
        run Stranger()
    }
}
