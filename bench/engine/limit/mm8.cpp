// Generated: the model as straight C++. See main.h.
#include "kern.h"
#include "models.h"
#define INF 1e300
#define MASK 4095
static int FF[4096*8]; static double D[4096*2]; static int ST[256]; 
static void runG(double N,int seed){ reset(seed); for(int i=0;i<4096;i++)FF[i*8+7]=i<4095?(i+1)*8:-1; for(int i=0;i<nst;i++){ST[i*4]=capv[i];ST[i*4+1]=ST[i*4+2]=-1;}
int*F=FF; double*SW=sw,*SW2=sw2,*CW=cw; int fl=0,live=0,rsp=0,hn=0,hole=0,seq=0,f=0,g=0,q=0,s=0,i=0; double now=0,events=0,done=0,fails=0,timeouts=0,sumL=0,x,w,dt,t; 
g=fl;fl=F[g+7];F[g]=entry;ready[rsp++]=g;
main_: for(;;){ if(rsp>0)f=ready[--rsp]; else { if(hole){hole=0;hn--; if(hn>0){Ev e=H[hn]; siftdown(hn,e.t,e.id,e.seq);} } events++;
 t=INF;s=0;q=-1; if(hn>0){t=H[0].t;s=H[0].seq;}  if(t==INF)break; now=t;
 switch(q){case -1: hole=1;f=H[0].id;break;  } }
 switch(F[f]){ case 0: if(ST[0]>0){ST[0]--;CW[0>>2]++;}else{ D[(f>>2)+1]=now; F[f+7]=-1; if(ST[0+1]<0)ST[0+1]=f; else F[ST[0+2]+7]=f; ST[0+2]=f; F[f]=2; goto main_; }
case 2: q=ep[0]; if(q==256){refill(0);q=0;} ep[0]=q+1; x=eb[0][q];dt=x*1.0; F[f]=5; goto sched;
case 5: g=ST[0+1]; if(g>=0){ ST[0+1]=F[g+7]; w=now-D[(g>>2)+1]; SW[0>>2]+=w; SW2[0>>2]+=w*w; CW[0>>2]++; ready[rsp++]=g; } else ST[0]++;
case 7: w=now-D[f>>2]; sumL+=w; {union{double d;uint64_t u;}v_;v_.d=w;int b_=(int)(v_.u>>(52-HSUB))-HLO;if(b_<0)b_=0;else if(b_>=HN)b_=HN-1;hist[b_]++;} done++; fails+=F[f+6]; F[f+7]=fl; fl=f; live--; if(done>=N) goto end_; goto main_;
case 8: live++; g=fl; fl=F[g+7]; F[g]=0; D[g>>2]=now; F[g+6]=0; ready[rsp++]=g; q=ep[1]; if(q==256){refill(1);q=0;} ep[1]=q+1; x=eb[1][q]; dt=x*0.15625; F[f]=8; goto sched; }
 sched: t=now+dt; seq++; if(hole){hole=0;siftdown(hn,t,f,seq);} else {i=hn++; siftup(i,t,f,seq);} }
end_: res.done=done;res.events=events;res.meanL=sumL/done;res.p50=quant(done,.5);res.p99=quant(done,.99);res.fails=fails;res.timeouts=timeouts;res.meanW0=sw[0]/cw[0]; }
#define LOAD load_mm8
#include "main.h"
