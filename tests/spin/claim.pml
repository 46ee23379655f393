/* The claim of core/src/replay/claim.rs, step by step, for SPIN: every interleaving, however often processes are interrupted, with a
 * process that may die after any step, and with entries that expire meanwhile. One bucket of two slots; a slot is one word.
 *
 * All PROCESSES claim one and the same nonce. A claim reads its clock once, before it begins, and may be delayed for any time after
 * that. The request is valid up to the second EXPIRES, exclusive, so a claim whose clock is later is not made.
 * PLANT chooses a bug: 0 is the code as it is. See run.sh.
 */
#ifndef PLANT
#define PLANT 0
#endif
#ifndef PROCESSES
#define PROCESSES 3
#endif

#define EXPIRES 2 /* of the nonce that is claimed */
#define LAST 3    /* the latest second */

/* A slot: state and expiry. The other nonce, OTHER, is one that was confirmed earlier and expires at second 1: its slot is taken over. */
#define FREE 0
#define TENTATIVE 1
#define OUTRANKED 2
#define CONFIRMED 3
#define OTHER 4

byte slot[2];
byte now = 0;       /* the time; it only goes forward */
byte forgotten = 0; /* entries that expired up to this second may have been overwritten */
byte passed = 0;

#define expiry(s) ((s) == OTHER -> 1 : EXPIRES)
#define live(s, t) ((s) != FREE && expiry(s) > (t))
#define claims(s) ((s) == TENTATIVE || (s) == CONFIRMED)

/* A process may be killed between any two steps. */
#define step(code) if :: atomic { code } :: goto dead fi

proctype Claim() {
    byte clock, first, second, place, found, mine, other, seen;

    clock = now;
    if :: clock >= EXPIRES -> goto late :: else fi;

    /* 1: look. */
    step(first = slot[0]);
    step(second = slot[1]);
    if
    :: (claims(first) && live(first, clock)) || (claims(second) && live(second, clock)) -> goto rejected
    :: else
    fi;

    /* 2: place in the lowest vacant slot. */
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
    step(slot[place] = TENTATIVE); /* without comparing */
#else
    step(if :: slot[place] == found -> slot[place] = TENTATIVE; mine = 1 :: else -> mine = 0 fi);
    if :: mine == 0 -> goto rejected /* the code tries again; another has made progress */ :: else fi;
#endif

    /* 3: look again, and settle with an equal claim in the other slot. */
#if PLANT != 3
    other = 1 - place;
    step(seen = slot[other]);
    if
    :: claims(seen) && live(seen, clock) ->
        if
        :: seen == CONFIRMED || other < place -> goto withdraw
        :: else ->
            /* Outrank it. If it has passed meanwhile, withdraw. */
#if PLANT == 4
            skip; /* trust that it will withdraw */
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
    atomic { passed++; assert(passed <= 1) }; /* a request passes once */
    goto end;

withdraw:
    /* Only its owner gives a slot back. */
    step(if :: slot[place] == TENTATIVE || slot[place] == OUTRANKED -> slot[place] = FREE :: else fi);
rejected:
aged:
late:
dead:
    skip;
end:
    skip
}

/* Time passes at any moment, or stops. */
proctype Time() {
    do
    :: now < LAST -> now++
    :: break
    od
}

/* Claims another nonce once the first one has expired, and so may overwrite its slots. */
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
