/* Leases, claims and numbering: three workers, three jobs of two steps, of which the second gives the number.

   A worker reads a job, claims it, works, and records. It may die anywhere, and sleep anywhere for any time; a lease
   may run out at any moment. What is atomic here is one transaction there (pipeline/ledger): `claim` and `advance`.
   The sequence check is in `advance`; without it (-DUNCHECKED) a job gets two numbers. */

#define WORKERS 3
#define JOBS    3
#define STEPS   2

byte seq[JOBS];      /* how often a job has moved */
byte owner[JOBS];    /* who leases it, 0 for nobody */
bool over[JOBS];     /* whether its lease has run out */
byte given[JOBS];    /* how many numbers it has */
byte last;           /* the counter of the series */
byte alive = WORKERS;

#define DONE (seq[0] >= STEPS && seq[1] >= STEPS && seq[2] >= STEPS)

active [WORKERS] proctype worker() {
  byte me = _pid + 1;
  byte job, read;
again:
  do
  :: DONE -> break
  :: atomic { seq[0] < STEPS -> job = 0; read = seq[0] }; goto claim
  :: atomic { seq[1] < STEPS -> job = 1; read = seq[1] }; goto claim
  :: atomic { seq[2] < STEPS -> job = 2; read = seq[2] }; goto claim
  od;
  goto dead;
claim:
  atomic {
    if
    :: seq[job] == read && (owner[job] == 0 || owner[job] == me || over[job]) -> owner[job] = me; over[job] = false
    :: else -> job = 0; read = 0; goto again
    fi
  };
  /* the work itself, in no transaction */
  if
  :: skip
  :: atomic { alive > 1 -> alive--; job = 0; read = 0 }; goto dead
  fi;
  atomic {
    if
#ifdef UNCHECKED
    :: true ->
#else
    :: seq[job] == read ->
#endif
       seq[job] = read + 1;
       owner[job] = 0; over[job] = false;
       if
       :: read + 1 == STEPS ->
          last++; given[job]++;
          assert(given[job] == 1);
          assert(last == given[0] + given[1] + given[2])
       :: else
       fi
#ifndef UNCHECKED
    :: else   /* StateConflict: nothing of it is recorded */
#endif
    fi;
    job = 0; read = 0   /* what is not needed any more makes no two states of one */
  };
  goto again;
dead:
  skip
}

active proctype clock() {
  do
  :: DONE -> assert(last == JOBS); break
  :: atomic { !DONE && owner[0] != 0 && !over[0] -> over[0] = true }
  :: atomic { !DONE && owner[1] != 0 && !over[1] -> over[1] = true }
  :: atomic { !DONE && owner[2] != 0 && !over[2] -> over[2] = true }
  od
}
